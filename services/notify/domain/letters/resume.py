"""The letter to somebody who left the form half filled: a link to go on, and nothing about them."""

from collections.abc import Iterator
from typing import Final

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import LinkContext, LinkFields, link_fields
from shared.events import ResumeLinkAsked


def _due(known: KnownFacts, _release: Release) -> Iterator[Occasion[ResumeLinkAsked]]:
    if isinstance(asked := known.alone, ResumeLinkAsked):
        yield Occasion(about=asked.request_id, since=asked.asked_at, fact=asked, until=asked.expires_at)


def _fill(context: LinkContext, asked: ResumeLinkAsked) -> LinkFields:
    return link_fields(context, asked.expires_at)


RESUME: Final = LetterDeclaration(
    kind="resume",
    name="ご入力の再開のご案内",
    reader="visitor",
    due=_due,
    fields=LinkFields,
    fill=_fill,
)
