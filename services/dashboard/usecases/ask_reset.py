"""Somebody has forgotten their password: the account's mail address gets a link, and nobody else learns anything."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.dashboard.domain.lockout import ALLOWED_TRIES_OF_A_NETWORK, TRIES_COUNT_FOR
from services.dashboard.domain.visitor import Visitor
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.log_in import Tries
from services.dashboard.ports.staff import Accounts, Invitations
from services.dashboard.usecases.log_in import digest_of
from services.dashboard.usecases.mail_link import Link, MailLink
from shared.clock import Clock
from shared.errors import Unavailable

log = structlog.get_logger(__name__)

RESET_LASTS: Final = timedelta(minutes=30)
ALLOWED_OF_AN_ACCOUNT: Final = 3
"""Mails within `TRIES_COUNT_FOR`, whoever asks for them: nobody shall fill somebody's mailbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReset:
    """Mail a link that works once, for half an hour. The password of before works until it is used.

    It answers nothing, whatever was typed: neither that an account exists, nor that somebody asked too often. Call it
    after the page was sent, or the time would tell.
    """

    accounts: Accounts
    invitations: Invitations
    tries: Tries
    mail_link: MailLink
    audit: Audit
    now: Clock

    async def __call__(self, typed: str, visitor: Visitor) -> None:
        """*typed*: the name of an account, or its mail address."""
        now = self.now()
        try:
            if not await self._is_too_many(f"reset-network:{visitor.counted_as}", ALLOWED_TRIES_OF_A_NETWORK, now):
                for name in await self._named(typed):
                    await self._mail(name, visitor, now)
        except Unavailable as error:
            log.warning("reset not mailed", reason=str(error))

    async def _named(self, typed: str) -> Sequence[str]:
        return await self.mail_link.addresses.owners(typed) if "@" in typed else [typed.lower()]

    async def _mail(self, name: str, visitor: Visitor, now: datetime) -> None:
        account = await self.accounts.find(name)
        if account is None or not account.may_log_in or await self.mail_link.addresses.of(name) is None:
            return
        if await self._is_too_many(f"reset-account:{name}", ALLOWED_OF_AN_ACCOUNT, now):
            return
        link = Link(secrets.token_urlsafe(32), now + RESET_LASTS)
        await self.audit.record("reset-asked", now, name, visitor=visitor, about=name)
        await self.invitations.add(digest_of(link.token), name, link.until)
        await self.mail_link(name, link, now, is_reset=True)

    async def _is_too_many(self, counter: str, allowed: int, now: datetime) -> bool:
        _, others = await self.tries.count(counter, now, now - TRIES_COUNT_FOR)
        return len(others) >= allowed
