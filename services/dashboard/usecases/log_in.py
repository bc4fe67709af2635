"""Log staff in and out. Failed log-ins lock an account for a while, so that guessing a password is slow.

Neither the answer nor the time that it takes shows which accounts exist.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.dashboard.domain.lockout import TRIES_COUNT_FOR, locked_until
from services.dashboard.ports import Accounts, Audit, Passwords, Sessions, Tries
from shared.clock import Clock

SESSION_LASTS: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Only the browser has the token; the database has its digest."""

    token: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The name or the password is wrong; nobody learns which of them."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Too many failed tries. Another is possible at `until`."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """Begin a session for whoever gives the right password."""

    accounts: Accounts
    passwords: Passwords
    sessions: Sessions
    tries: Tries
    audit: Audit
    now: Clock

    async def __call__(self, name: str, password: str) -> LoggedIn | Refused | Locked:
        """While an account is locked, no password is checked: the right one is refused too."""
        now = self.now()
        password_hash = await self.accounts.password_hash(name)
        account = name if password_hash else None
        this_try, others = await self.tries.count(name, now, now - TRIES_COUNT_FOR)
        until = locked_until(others, now)
        if until:
            await self.tries.uncount(this_try)
            await self.audit.record("login-locked", now, account)
            return Locked(until)
        if not await self.passwords.verify(password_hash, password):
            await self.audit.record("login-refused", now, account)
            return Refused()
        await self.tries.clear(name)
        token = secrets.token_urlsafe(32)
        await self.sessions.begin(_digest(token), name, now, now + SESSION_LASTS)
        await self.audit.record("logged-in", now, name)
        return LoggedIn(token)


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Whose session a token belongs to."""

    sessions: Sessions
    now: Clock

    async def __call__(self, token: str) -> str | None:
        """None: there is no such session, or it has ended."""
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
        await self.audit.record("logged-out", self.now(), account)


def _digest(token: str) -> str:
    """A fast hash is enough: 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
