"""The letters that bring one link and nothing else: to a visitor, to their colleague, or to a member of staff.

They name nobody and say nothing of a form or an account: the address may be mistyped, or a stranger's. The colleague
has asked for nothing.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, TypeVar

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion, Reader
from services.notify.domain.letters.fields import LinkContext, LinkFields, link_fields
from shared.events import (
    ColleagueAnswered,
    ColleagueAsked,
    LetterKind,
    PasswordResetAsked,
    ResumeLinkAsked,
    StaffInvited,
)

LinkFact = TypeVar("LinkFact", ResumeLinkAsked, ColleagueAsked, ColleagueAnswered, StaffInvited, PasswordResetAsked)


def _of_link(
    kind: LetterKind, name: str, reader: Reader, event: type[LinkFact], since: Callable[[LinkFact], datetime]
) -> LetterDeclaration[LinkContext, LinkFact, LinkFields]:
    """The letter that an *event* of its own makes due; its reader waits for it *since* then."""

    def due(known: KnownFacts, _release: Release) -> Iterator[Occasion[LinkFact]]:
        if isinstance(fact := known.alone, event):
            yield Occasion(about=fact.request_id, since=since(fact), fact=fact, until=fact.expires_at)

    def fill(context: LinkContext, fact: LinkFact) -> LinkFields:
        return link_fields(context, fact.expires_at)

    return LetterDeclaration(kind=kind, name=name, reader=reader, due=due, fields=LinkFields, fill=fill)


RESUME: Final = _of_link("resume", "ご入力の再開のご案内", "visitor", ResumeLinkAsked, lambda fact: fact.asked_at)
COLLEAGUE_ASKED: Final = _of_link(
    "colleague-asked", "ご回答のお願い", "visitor", ColleagueAsked, lambda fact: fact.asked_at
)
COLLEAGUE_ANSWERED: Final = _of_link(
    "colleague-answered", "ご回答が届いたお知らせ", "visitor", ColleagueAnswered, lambda fact: fact.answered_at
)
INVITATION: Final = _of_link("invitation", "アカウントのご案内", "staff", StaffInvited, lambda fact: fact.invited_at)
PASSWORD_RESET: Final = _of_link(
    "password-reset", "パスワードの再設定", "staff", PasswordResetAsked, lambda fact: fact.asked_at
)
