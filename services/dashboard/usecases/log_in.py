"""Log staff in and out. Failed log-ins lock for a while, so that guessing a password is slow (domain/lockout.py).

Neither the answer nor the time that it takes shows which accounts exist.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.dashboard.domain.account import Account
from services.dashboard.domain.lockout import TRIES_COUNT_FOR, counters, locked_until
from services.dashboard.domain.second_step import SecondStep
from services.dashboard.domain.visitor import Visitor
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.log_in import Devices, FailedLogIns, Failure, Tries
from services.dashboard.ports.staff import Accounts, Passwords, SecondSteps, Sessions
from services.dashboard.usecases.metrics import LOG_INS
from shared.clock import Clock

log = structlog.get_logger(__name__)

SESSION_LASTS: Final = timedelta(hours=12)
SESSION_IDLE: Final = timedelta(minutes=60)
DEVICE_LASTS: Final = timedelta(days=180)
_ALARMS: Final = frozenset({50, 200, 1_000, 5_000, 20_000})
"""Failed log-ins in an hour of which the operator is told: a few numbers, so that the log is no flood either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """Only the browser has the tokens, of the session and of itself; the database has their digests."""

    token: str
    device: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The name, the password or the code is wrong; nobody learns which of them."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Too many failed tries. Another is possible at `until`."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """Begin a session for whoever gives the right password, in place of the one that the browser has."""

    accounts: Accounts
    passwords: Passwords
    sessions: Sessions
    devices: Devices
    tries: Tries
    failed: FailedLogIns
    second_steps: SecondSteps
    audit: Audit
    now: Clock

    async def __call__(self, name: str, password: str, visitor: Visitor, code: str = "") -> LoggedIn | Refused | Locked:
        """While there is a lock, no password is checked: the right one is refused too.

        *code*: of the second step, for accounts that have one. A missing or wrong one is refused like a wrong password,
        so that nobody learns by it that the password is right.
        """
        now = self.now()
        known_to = await self.devices.accounts(digest_of(visitor.device), now) if visitor.device else frozenset()
        password_hash = await self.accounts.password_hash(name)
        account = name if password_hash else None
        limits = counters(name, visitor.counted_as, digest_of(visitor.device) if name in known_to else "")
        tries, until = await self._count(limits, now)
        if until:
            await self._uncount(tries)
            await self._fail("locked", now, account, visitor)
            return Locked(until)
        second = await self.second_steps.find(name)
        is_right = await self.passwords.verify(password_hash, password)
        if not is_right or not (second is None or await self._use(second, name, code, now)):
            await self._fail("refused", now, account, visitor)
            return Refused()
        # The network keeps its other tries: who owns one account must not buy more guesses at the others with it.
        await self._uncount(tries)
        await self.tries.clear(next(iter(limits)))
        return await self._begin(name, visitor, now, known_to, password_hash)

    async def by_passkey(self, name: str | None, visitor: Visitor) -> LoggedIn | Refused:
        """For who has shown a passkey of *name* (`passkeys.py`): it cannot be guessed, so there is no lock for it.

        So nobody who types wrong passwords keeps its owner out.
        """
        now = self.now()
        account = await self.accounts.find(name) if name else None
        if account is None or not account.may_log_in:
            await self._fail("refused", now, account.name if account else None, visitor)
            return Refused()
        known_to = await self.devices.accounts(digest_of(visitor.device), now) if visitor.device else frozenset()
        return await self._begin(account.name, visitor, now, known_to, await self.accounts.password_hash(account.name))

    async def by_company(self, name: str | None, visitor: Visitor) -> LoggedIn | Refused:
        """For whom the company's provider has recognised as *name* (`log_in_by_company.py`); it needs no password."""
        now = self.now()
        account = await self.accounts.find(name) if name else None
        if account is None or account.disabled_at:
            await self._fail("refused", now, account.name if account else None, visitor)
            return Refused()
        known_to = await self.devices.accounts(digest_of(visitor.device), now) if visitor.device else frozenset()
        return await self._begin(account.name, visitor, now, known_to, await self.accounts.password_hash(account.name))

    async def _begin(  # what both ways in have found out
        self, name: str, visitor: Visitor, now: datetime, known_to: frozenset[str], password_hash: str | None
    ) -> LoggedIn | Refused:
        token, device = secrets.token_urlsafe(32), visitor.device if known_to else secrets.token_urlsafe(32)
        await self.sessions.begin(
            digest_of(token),
            name,
            now,
            now + SESSION_LASTS,
            network=visitor.shown_as,
            browser=visitor.browser,
        )
        if await self.accounts.password_hash(name) != password_hash:  # Removed or changed while this was checked.
            await self.sessions.end(digest_of(token), now)
            return Refused()
        await self._end_earlier(visitor.session, now)
        await self.devices.remember(digest_of(device), name, now + DEVICE_LASTS)
        await self.accounts.note_log_in(name, now)
        await self.audit.record("logged-in", now, name, visitor=visitor)
        LOG_INS.labels("done").inc()
        return LoggedIn(token=token, device=device)

    async def _use(self, second: SecondStep, name: str, code: str, now: datetime) -> bool:
        match second.match(code, now):
            case int() as step:
                return await self.second_steps.use_step(name, step)
            case str() as digest if await self.second_steps.use_recovery(name, digest):
                await self.audit.record("recovery-code-used", now, name)
                return True
        return False

    async def _count(self, limits: dict[str, int], now: datetime) -> tuple[list[str], datetime | None]:
        """Count this try under all of *limits*; also when the last of their locks ends."""
        tries, ends = [], []
        for counter, allowed in limits.items():
            this_try, others = await self.tries.count(counter, now, now - TRIES_COUNT_FOR)
            tries.append(this_try)
            ends.append(locked_until(others, now, allowed))
        return tries, max((end for end in ends if end), default=None)

    async def _end_earlier(self, token: str, now: datetime) -> None:
        """A browser shows one session: nobody could log out of an earlier one any more, and a copy of it would live."""
        account = await self.sessions.account(digest_of(token), now, now - SESSION_IDLE) if token else None
        if account:
            await self.sessions.end(digest_of(token), now)
            await self.audit.record("logged-out", now, account)

    async def _uncount(self, tries: list[str]) -> None:
        for this_try in tries:
            await self.tries.uncount(this_try)

    async def _fail(self, failure: Failure, now: datetime, account: str | None, visitor: Visitor) -> None:
        LOG_INS.labels(failure).inc()
        in_this_hour = await self.failed.add(failure, now, account, visitor)
        if in_this_hour in _ALARMS:
            log.error("many failed log-ins", count=in_this_hour)


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Whose session a token belongs to.

    The account is read at every request: who is disabled, or gets another role, does not keep what a session gave.
    """

    sessions: Sessions
    accounts: Accounts
    now: Clock

    async def __call__(self, token: str, *, is_use: bool = True) -> Account | None:
        """None: there is no such session, or it has ended: after twelve hours, or one without a page.

        A page that asks by itself *is_use* of nothing: the session of whoever has left must end.
        """
        now = self.now()
        unused_since = now - SESSION_IDLE
        name = await self.sessions.account(digest_of(token), now, unused_since, is_use=is_use) if token else None
        account = await self.accounts.find(name) if name else None
        return account if account and account.disabled_at is None else None


@dataclass(frozen=True, slots=True)
class LogOut:
    """End the session on the server too: a copied cookie is worth nothing afterwards."""

    sessions: Sessions
    audit: Audit
    now: Clock

    async def __call__(self, token: str, account: str) -> None:
        """Safe to repeat."""
        await self.sessions.end(digest_of(token), self.now())
        await self.audit.record("logged-out", self.now(), account)


def digest_of(token: str) -> str:
    """A fast hash is enough: 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()
