"""The facts, the cases that they make, their summaries, and what staff decide about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from services.dashboard.domain.case import BrokenCase, Case
from services.dashboard.domain.facts import Decided, Fact
from services.dashboard.domain.figures import Period, Tallies
from services.dashboard.domain.form_visits import DayCount
from services.dashboard.domain.listing import Selection
from services.dashboard.domain.summary import CaseSummary
from shared.events import DecisionWithdrawn, FormCounted
from shared.products.desk import TAKE_BACK


class Cases(Protocol):
    """The facts, each stored once, and the cases that they make."""

    async def add(self, fact: Fact) -> bool:
        """Store *fact* for good. False: it was there already. Raises `Invalid` (cannot-be-stored)."""
        ...

    async def find(self, request_id: str) -> Case | BrokenCase | None:
        """The case, or None while its request has not arrived."""
        ...

    async def trace_of(self, request_id: str) -> str | None:
        """The id of the trace that its request came with: by it an operator finds what every service did for it."""
        ...

    async def find_many(self, request_ids: Sequence[str]) -> Sequence[Case | BrokenCase]:
        """Those that are there, in this order."""
        ...

    async def closed_as_same(self, request_id: str, most: int) -> Sequence[str]:
        """The ids of at most *most* requests that were closed, at some time, because this one is the same."""
        ...

    async def count(self) -> int:
        """How many requests there are."""
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

    @property
    def is_backwards(self) -> bool:
        """Whether it is found from its end."""
        return self.before is not None or self.is_last


@dataclass(frozen=True, slots=True)
class IndexedCase:
    """A summary with what it is found by: hashes that were made with the key *key* (domain/search_keys.py)."""

    summary: CaseSummary
    terms: tuple[int, ...] = ()
    key: str = ""


class Summaries(Protocol):
    """The read model: a summary of every case. It can be deleted, and made again from the facts."""

    async def put(self, cases: Sequence[IndexedCase]) -> None:
        """Keep each, unless there is one of its case that was made from as many facts, or by a newer version."""
        ...

    async def page(self, selection: Selection, window: Window, limit: int) -> Sequence[CaseSummary]:
        """At most *limit* cases, in the order of the selection; as quick for the last as for the first.

        Of a search only what may be an answer to it: the use cases look whether it is one (`ListCases.rows`).
        """
        ...

    async def count(self, selection: Selection, most: int) -> int:
        """How many cases the selection has; *most* where it has as many or more. Of a search: may have."""
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

    async def renew(self, request_id: str) -> None:
        """As `begin_again`, for one case: what could not be read when it was summarised may be read later."""
        ...

    async def finish(self, rules: str) -> None:
        """Note that every case was summarised by this version and these *rules*. Drops what was not made again."""
        ...


class Figures(Protocol):
    """How many cases there are of each kind."""

    async def tallies(self, period: Period) -> Tallies:
        """The same as `tallies_of` says of all cases."""
        ...


class FormCounts(Protocol):
    """How far the visitors of each form came, by day. Both methods raise `Unavailable`."""

    async def put(self, counted: FormCounted) -> None:
        """Keep it, unless there is one of the same day that was made later."""
        ...

    async def of(self, first: date, last: date) -> Sequence[DayCount]:
        """The counts of these days, both included, in any order."""
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

    async def add(self, decision: Decided, *, after: int | None = None, held_for: timedelta = TAKE_BACK) -> Added:
        """Store *decision* with its unsent event.

        *after*: how many decisions of its case whoever decides has seen. Of two that were made after the same number,
        the second is not stored. None: for what contradicts nothing. What can be taken back is held for *held_for*.
        """
        ...

    async def withdraw(
        self, decision_id: str, withdrawal: DecisionWithdrawn, *, after: int, before: datetime
    ) -> Withdrawn:
        """Take back the decision with this id (`fact_id`), and keep *withdrawal* with its unsent event in its place.

        Both or neither. *after*: as in `add`. *before*: it is too late unless the decision is held longer than that.
        """
        ...
