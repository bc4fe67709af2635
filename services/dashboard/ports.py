"""What the dashboard needs from outside: protocols, and the values that they pass.

Methods that use the database raise `Unavailable` when it cannot be reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from services.dashboard.domain.case import BrokenCase, Case, State
from services.dashboard.domain.facts import Decision, Fact
from services.dashboard.domain.visitor import Visitor

Act = Literal[
    "logged-in",
    "logged-out",
    "listed-cases",
    "opened-case",
    "released-quote",
    "released-mails",
    "account-added",
    "link-made",
    "two-step-on",
    "two-step-off",
    "passkey-added",
    "passkey-removed",
    "recovery-code-used",
    "recovery-codes-renewed",
    "session-ended",
    "sessions-ended",
    "password-changed",
    "role-changed",
    "account-disabled",
    "account-enabled",
    "account-removed",
]
Failure = Literal["refused", "locked"]
"""How a log-in failed: a wrong name or password, or too many of them before."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases of the list, and how many there are in all."""

    cases: tuple[Case | BrokenCase, ...]
    total: int


class Cases(Protocol):
    """The facts, each stored once; joined into cases only when somebody looks."""

    async def add(self, fact: Fact) -> bool:
        """Store *fact* for good. False: it was there already. Raises `Invalid` (cannot-be-stored)."""
        ...

    async def find(self, request_id: str) -> Case | BrokenCase | None:
        """The case, or None while its request has not arrived."""
        ...

    async def page(self, state: State | None, skip: int, limit: int, *, suspicious: bool = False) -> Page:
        """Newest first; of one state, or of all; if *suspicious*, only those that somebody should check first."""
        ...


class Decisions(Protocol):
    """What staff decided: stored, and published from there."""

    async def add(self, decision: Decision) -> bool:
        """Store *decision* with its unsent event. False: the same was decided before."""
        ...


class SetAside(Protocol):
    """The records that this service could not work on."""

    async def count_open(self) -> int:
        """How many wait for a person."""
        ...


class Devices(Protocol):
    """The browsers that have logged in before, by a digest of their token."""

    async def accounts(self, digest: str, now: datetime) -> frozenset[str]:
        """Who has logged in with it; empty for a token that we never gave out, or that has ended."""
        ...

    async def remember(self, digest: str, account: str, until: datetime) -> None:
        """Note that *account* has logged in with it. It ends at *until*."""
        ...

    async def forget(self, account: str) -> None:
        """No browser is known to *account* any more."""
        ...


class Tries(Protocol):
    """Log-ins that have not succeeded, by what they are counted under (an account, a browser, a network)."""

    async def count(self, counter: str, at: datetime, since: datetime) -> tuple[str, tuple[datetime, ...]]:
        """Count a try before its password is checked: many tries at the same moment must not escape the lock.

        Returns the id of the try, and when the other tries under *counter* after *since* were made.
        """
        ...

    async def uncount(self, try_id: str) -> None:
        """Forget one try: its password was right, or was not checked."""
        ...

    async def clear(self, counter: str) -> None:
        """Forget all tries under *counter*: the right password was given."""
        ...


class FailedLogIns(Protocol):
    """How often log-ins failed: a number for each hour, account and network, however many somebody tries."""

    async def add(self, failure: Failure, at: datetime, account: str | None, visitor: Visitor) -> int:
        """Count one; returns how many log-ins have failed in this hour in all.

        *account* is None when there is no such account: the name that was typed may be a password.
        """
        ...


class Audit(Protocol):
    """What staff did and when; insert-only, and nothing about customers."""

    async def record(
        self,
        act: Act,
        at: datetime,
        account: str,
        request_id: str | None = None,
        *,
        seen: Sequence[str] = (),
        visitor: Visitor | None = None,
        about: str | None = None,
    ) -> None:
        """*seen*: the ids of the requests on a page of the list. *visitor*: where a log-in came from.

        *about*: the account that *account* did something to.
        """
        ...
