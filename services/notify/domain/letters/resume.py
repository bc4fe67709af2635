"""The letter to somebody who left the form half filled: a link to go on, and nothing about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.notify.domain import wording
from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import LinkContext, SignedFields, signed_fields
from shared.events import ResumeLinkAsked


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeFields(SignedFields):
    """The link alone: a mail to a mistyped address must not say whose form it is."""

    url: str
    valid_until: str


def _due(known: KnownFacts, _release: Release) -> Iterator[Occasion[ResumeLinkAsked]]:
    if asked := known.resume:
        yield Occasion(about=asked.request_id, since=asked.asked_at, fact=asked, until=asked.expires_at)


def _fill(context: LinkContext, asked: ResumeLinkAsked) -> ResumeFields:
    return ResumeFields(
        **signed_fields(context),
        url=context.link.url,
        valid_until=wording.minute(asked.expires_at),
    )


RESUME: Final = LetterDeclaration(
    kind="resume",
    name="ご入力の再開のご案内",
    reader="visitor",
    due=_due,
    fields=ResumeFields,
    fill=_fill,
)
