"""The two letters with which a member of staff gives themselves a password: an admin's link, and one they asked for.

They say nothing of the account: the address may be mistyped.
"""

from collections.abc import Iterator
from typing import Final

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import LinkContext, LinkFields, link_fields
from shared.events import PasswordResetAsked, StaffInvited


def _invited(known: KnownFacts, _release: Release) -> Iterator[Occasion[StaffInvited]]:
    if isinstance(fact := known.alone, StaffInvited):
        yield Occasion(about=fact.request_id, since=fact.invited_at, fact=fact, until=fact.expires_at)


def _asked(known: KnownFacts, _release: Release) -> Iterator[Occasion[PasswordResetAsked]]:
    if isinstance(fact := known.alone, PasswordResetAsked):
        yield Occasion(about=fact.request_id, since=fact.asked_at, fact=fact, until=fact.expires_at)


def _fill(context: LinkContext, fact: StaffInvited | PasswordResetAsked) -> LinkFields:
    return link_fields(context, fact.expires_at)


INVITATION: Final = LetterDeclaration(
    kind="invitation", name="アカウントのご案内", reader="staff", due=_invited, fields=LinkFields, fill=_fill
)
PASSWORD_RESET: Final = LetterDeclaration(
    kind="password-reset", name="パスワードの再設定", reader="staff", due=_asked, fields=LinkFields, fill=_fill
)
