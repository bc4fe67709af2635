"""What the dashboard needs from outside. Every method that waits raises `Unavailable` when the ledger is away."""

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
        """From now on only this password."""
        ...

    async def password_hash(self, name: str) -> str | None:
        """None: there is no such account."""
        ...


class Passwords(Protocol):
    """Slow on purpose, and always equally slow."""

    async def hash(self, password: str) -> str:
        """A salted hash of *password*."""
        ...

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Without a hash: no, but after the same work. The time that it takes must not show which accounts exist."""
        ...


class Sessions(Protocol):
    """Who is logged in, by a digest of their token."""

    async def begin(self, digest: str, account: str, at: datetime, until: datetime) -> None:
        """*account* is logged in *until* then."""
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

    async def begin(self, account: str, at: datetime, since: datetime) -> tuple[str, tuple[datetime, ...]]:
        """Count a try before its password is checked, so that many at once gain nothing.

        Its id, and the other tries of *account* after *since*.
        """
        ...

    async def withdraw(self, try_id: str) -> None:
        """Its password was not checked, so it does not count."""
        ...

    async def clear(self, account: str) -> None:
        """Forget all tries of *account*: the right password was given."""
        ...


class Audit(Protocol):
    """Who did what and when; insert-only, and nothing about customers."""

    async def note(self, act: Act, at: datetime, account: str | None, request_id: str | None = None) -> None:
        """*account* is None when there is no such account: people type passwords into the wrong field."""
        ...
