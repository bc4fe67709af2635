"""What the dashboard needs from outside: protocols, and the values that they pass.

Methods that use the database raise `Unavailable` when it cannot be reached.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from services.dashboard.domain.case import Case, State
from services.dashboard.domain.facts import Fact
from shared.events import QuoteReleased

Act = Literal["logged-in", "logged-out", "login-refused", "login-locked", "opened-case", "released-quote"]


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases of the list, and how many there are in all."""

    cases: tuple[Case, ...]
    total: int


class Cases(Protocol):
    """The facts, each stored once; joined into cases only when somebody looks."""

    async def add(self, fact: Fact) -> bool:
        """Store *fact* for good. False: it was there already."""
        ...

    async def find(self, request_id: str) -> Case | None:
        """The case, or None while its request has not arrived."""
        ...

    async def page(self, state: State | None, skip: int, limit: int, *, suspicious: bool = False) -> Page:
        """Newest first; of one state, or of all; if *suspicious*, only those that somebody should check first."""
        ...


class Decisions(Protocol):
    """What staff decided: stored, and published from there."""

    async def add(self, decision: QuoteReleased) -> bool:
        """Store *decision* with its unsent event. False: the quote was released before."""
        ...


class Accounts(Protocol):
    """Who may log in."""

    async def add(self, name: str, password_hash: str, at: datetime) -> bool:
        """False: there is an account of this name already."""
        ...

    async def set_password(self, name: str, password_hash: str, at: datetime) -> None:
        """Replace the password: the earlier one no longer works."""
        ...

    async def password_hash(self, name: str) -> str | None:
        """None: there is no such account."""
        ...


class Passwords(Protocol):
    """Hashes and checks passwords. Both are slow on purpose; a check takes as long where there is no account."""

    async def hash(self, password: str) -> str:
        """A salted hash of *password*."""
        ...

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Without a hash: False, after the same work. The time that it takes must not show which accounts exist."""
        ...


class Sessions(Protocol):
    """Who is logged in, by a digest of their token."""

    async def begin(self, digest: str, account: str, at: datetime, until: datetime) -> None:
        """Log *account* in, *until* this moment."""
        ...

    async def account(self, digest: str, now: datetime) -> str | None:
        """Whose session it is, unless it has ended."""
        ...

    async def end(self, digest: str) -> None:
        """Log out."""
        ...

    async def end_all(self, account: str) -> None:
        """Log *account* out everywhere."""
        ...


class Tries(Protocol):
    """Log-ins that have not succeeded, by account."""

    async def count(self, account: str, at: datetime, since: datetime) -> tuple[str, tuple[datetime, ...]]:
        """Count a try before its password is checked: many tries at the same moment must not escape the lock.

        Returns the id of the try, and when the other tries of *account* after *since* were made.
        """
        ...

    async def uncount(self, try_id: str) -> None:
        """Forget one try: its password was not checked."""
        ...

    async def clear(self, account: str) -> None:
        """Forget all tries of *account*: the right password was given."""
        ...


class Audit(Protocol):
    """Who did what and when; insert-only, and nothing about customers."""

    async def record(self, act: Act, at: datetime, account: str | None, request_id: str | None = None) -> None:
        """*account* is None when there is no such account: the name that was typed may be a password."""
        ...
