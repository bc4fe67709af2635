"""What the dashboard needs from outside: protocols, and the values that they pass.

Methods that use the database raise `Unavailable` when it cannot be reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

from services.dashboard.domain.bulk import BulkRun
from services.dashboard.domain.case import BrokenCase, Case
from services.dashboard.domain.facts import Decided, Fact
from services.dashboard.domain.figures import Period, Tallies
from services.dashboard.domain.listing import Selection
from services.dashboard.domain.saved_view import SavedView
from services.dashboard.domain.summary import CaseSummary
from services.dashboard.domain.visitor import Visitor
from shared.events import DecisionWithdrawn
from shared.runtime.dead_letters import DeadLetter, End

Act = Literal[
    "logged-in",
    "logged-out",
    "listed-cases",
    "exported-cases",
    "opened-case",
    "released-quote",
    "released-mails",
    "decided-on-quote",
    "took-back",
    "worked-on-case",
    "worked-on-many",
    "dead-letter-retried",
    "dead-letter-discarded",
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
    "read-contacts",
    "token-made",
    "token-revoked",
    "webhook-added",
    "webhook-removed",
    "webhook-replayed",
]
Failure = Literal["refused", "locked"]
"""How a log-in failed: a wrong name or password, or too many of them before."""


class Cases(Protocol):
    """The facts, each stored once, and the cases that they make."""

    async def add(self, fact: Fact) -> bool:
        """Store *fact* for good. False: it was there already. Raises `Invalid` (cannot-be-stored)."""
        ...

    async def find(self, request_id: str) -> Case | BrokenCase | None:
        """The case, or None while its request has not arrived."""
        ...

    async def find_many(self, request_ids: Sequence[str]) -> Sequence[Case | BrokenCase]:
        """Those that are there, in this order."""
        ...

    async def count(self) -> int:
        """About how many requests there are."""
        ...

    async def ids_after(self, request_id: str, limit: int) -> Sequence[str]:
        """The ids of at most *limit* requests, in their order, that come after *request_id* (empty: from the first)."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in an order: the value that is sorted by, and the id of its request."""

    value: datetime | int
    request_id: str


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a selection: what comes after a case, what comes before one, the first cases, or the last ones."""

    after: Place | None = None
    before: Place | None = None
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class IndexedCase:
    """A summary with what it is found by: hashes that were made with the key *key* (domain/search_keys.py)."""

    summary: CaseSummary
    terms: tuple[int, ...] = ()
    key: str = ""


Asked = Sequence[Sequence[int]]
"""A search: cases that have all hashes of any one of these lists. Some of them may be no answer."""


class Summaries(Protocol):
    """The read model: a summary of every case. It can be deleted, and made again from the facts."""

    async def put(self, cases: Sequence[IndexedCase]) -> None:
        """Keep each, unless there is one of its case that was made from more or later facts, or by a newer version."""
        ...

    async def page(
        self, selection: Selection, window: Window, limit: int, asked: Asked | None = None
    ) -> Sequence[CaseSummary]:
        """At most *limit* cases, in the order of the selection; as quick for the last as for the first.

        With *asked* only what may be an answer to it.
        """
        ...

    async def count(self, selection: Selection, most: int, asked: Asked | None = None) -> int:
        """How many cases the selection has; *most* where it has as many or more."""
        ...

    async def has_unfindable(self, keys: Sequence[str]) -> bool:
        """Whether there are cases that were indexed with another key than *keys*: no search finds them."""
        ...

    async def request_of(self, reception_no: str) -> str | None:
        """The id of the request with this 受付番号."""
        ...

    async def is_current(self, rules: str) -> bool:
        """Whether every case was summarised by this version and these *rules* (`finish`)."""
        ...

    async def begin_again(self) -> None:
        """From now on any new summary takes the place of what there is, however many facts that was made from."""
        ...

    async def finish(self, rules: str) -> None:
        """Note that every case was summarised by this version and these *rules*. Drops what was not made again."""
        ...


class Figures(Protocol):
    """How many cases there are of each kind."""

    async def tallies(self, period: Period) -> Tallies:
        """The same as `tallies_of` says of all cases."""
        ...


class SavedViews(Protocol):
    """The lists that staff have given a name."""

    async def add(self, view: SavedView) -> None:
        """Keep *view*."""
        ...

    async def of(self, account: str) -> Sequence[SavedView]:
        """Those of *account*, and those that are shared, by name."""
        ...

    async def remove(self, view_id: str, account: str) -> None:
        """Forget a view of *account*; those of others stay."""
        ...


class BulkRuns(Protocol):
    """Work on many cases, with how far each run is."""

    async def add(self, run: BulkRun) -> None:
        """Keep a run that was proposed."""
        ...

    async def find(self, run_id: str, now: datetime) -> BulkRun | None:
        """The run as it is."""
        ...

    async def take(self, run_id: str, now: datetime, until: datetime) -> bool:
        """Be the only one to work on it *until* this moment. False: somebody else is at it."""
        ...

    async def note(self, run_id: str, request_id: str, reason: str | None, until: datetime) -> None:
        """The next case was tried, and it was not done for *reason*, if there is one. Be at it *until* this moment."""
        ...

    async def release(self, run_id: str) -> None:
        """Nobody is at it."""
        ...


class Added(StrEnum):
    """What became of a decision."""

    KEPT = "kept"
    KNOWN = "known"
    """The same was decided before."""
    OVERTAKEN = "overtaken"
    """Another decision came first."""


class Withdrawn(StrEnum):
    """What became of taking a decision back."""

    DONE = "done"
    TOO_LATE = "too-late"
    """It is published, or about to be; or somebody else has taken it back."""
    OVERTAKEN = "overtaken"
    """Another decision about the case came first."""


class Decisions(Protocol):
    """What staff decided: stored, and published from there."""

    async def add(self, decision: Decided, *, after: int | None = None) -> Added:
        """Store *decision* with its unsent event.

        *after*: how many decisions of its case whoever decides has seen. Of two that were made after the same number,
        the second is not stored. None: for what contradicts nothing. What can be taken back is held for a while.
        """
        ...

    async def withdraw(
        self, decision_id: str, withdrawal: DecisionWithdrawn, *, after: int, before: datetime
    ) -> Withdrawn:
        """Take back the decision with this id (`fact_id`), and keep *withdrawal* with its unsent event in its place.

        Both or neither. *after*: as in `add`. *before*: it is too late unless the decision is held longer than that.
        """
        ...


class SetAside(Protocol):
    """The records that this service could not work on."""

    async def count_open(self) -> int:
        """How many wait for a person."""
        ...


class DeadLetters(SetAside, Protocol):
    """The same, for who looks at them. None is ever deleted."""

    async def open_by_reason(self) -> Sequence[tuple[str, str, int]]:
        """Topic, reason and number of those that wait, the most first."""
        ...

    async def oldest(self, limit: int) -> Sequence[DeadLetter]:
        """At most *limit* of those that wait, the oldest first."""
        ...

    async def find(self, letter_id: str) -> DeadLetter | None:
        """None: there is none, or somebody has ended it."""
        ...

    async def end(self, letter_id: str, end: End, *, at: datetime, by: str, reason: str = "") -> bool:
        """Note what became of it. False: somebody was faster."""
        ...


class Delivered(Protocol):
    """How far this service is with the records that it reads, and with those that it publishes."""

    async def lag(self) -> int | None:
        """How many records it has yet to work on; None while it reads none."""
        ...

    async def pending(self) -> tuple[int, datetime | None]:
        """How many of its events wait for Kafka, and since when the oldest does."""
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
        """*seen*: the ids of the requests on a page of the list, or of a part of an export.

        *visitor*: where a log-in came from.

        *about*: the account, dead letter or bulk run that *account* did something to.
        """
        ...
