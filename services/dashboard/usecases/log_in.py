"""Log staff in and out. Guessing is slow, and neither a word nor a clock tells which accounts exist."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.dashboard.domain.lockout import MEMORY, locked_until
from services.dashboard.ports import Accounts, Audit, Passwords, Sessions, Tries
from shared.clock import Clock

SESSION_LASTS: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The token is known to the browser alone; the ledger has its digest."""

    token: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The name or the password is wrong; which of them is not said."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Too many tries; another may be made then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class LogIn:
    """Begin a session for who gives the right password."""

    accounts: Accounts
    passwords: Passwords
    sessions: Sessions
    tries: Tries
    audit: Audit
    now: Clock

    async def __call__(self, name: str, password: str) -> LoggedIn | Refused | Locked:
        """A locked account is refused before its password is looked at, be it right or wrong."""
        now = self.now()
        known = await self.accounts.password_hash(name)
        account = name if known else None
        this_try, others = await self.tries.begin(name, now, now - MEMORY)
        until = locked_until(others, now)
        if until:
            await self.tries.withdraw(this_try)
            await self.audit.note("login-locked", now, account)
            return Locked(until)
        if not await self.passwords.verify(known, password):
            await self.audit.note("login-refused", now, account)
            return Refused()
        await self.tries.forgive(name)
        token = secrets.token_urlsafe(32)
        await self.sessions.begin(_digest(token), name, now, now + SESSION_LASTS)
        await self.audit.note("logged-in", now, name)
        return LoggedIn(token)


@dataclass(frozen=True, slots=True)
class Recognise:
    """Whose token this is."""

    sessions: Sessions
    now: Clock

    async def __call__(self, token: str) -> str | None:
        """None: nobody's, or the session has ended."""
        return await self.sessions.account(_digest(token), self.now()) if token else None


@dataclass(frozen=True, slots=True)
class LogOut:
    """End the session on the server too: a copied cookie is worth nothing afterwards."""

    sessions: Sessions
    audit: Audit
    now: Clock

    async def __call__(self, token: str, account: str) -> None:
        """Safe to repeat."""
        await self.sessions.end(_digest(token))
        await self.audit.note("logged-out", self.now(), account)


def _digest(token: str) -> str:
    """Fast on purpose: 256 bits of chance cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
