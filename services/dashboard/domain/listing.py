"""Which cases a list shows, and in which order. The rules are decided here; the database has the same as queries."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from services.dashboard.domain.case import State
from services.dashboard.domain.letters import MailState
from services.dashboard.domain.search_keys import Search
from services.dashboard.domain.summary import Brochure, CaseSummary, FirstAnswer
from shared.clock import JST
from shared.events import CaseOutcome


class Tab(StrEnum):
    """The parts of the desk's work, in the order of their tabs."""

    OVERDUE = "overdue"
    TODAY = "today"
    MINE = "mine"
    UNANSWERED = "unanswered"
    CHECK = "check"
    APPROVE = "approve"
    ON_HOLD = "on-hold"
    POST = "post"
    ALL = "all"


class Order(StrEnum):
    """What a list is sorted by; the request's id decides between equals."""

    NEWEST = "newest"
    DUE = "due"
    CHANGED = "changed"
    PREMIUM = "premium"


DESCENDING: Final = frozenset({Order.NEWEST, Order.CHANGED, Order.PREMIUM})
"""The others begin with the smallest."""
ORDER_OF: Final = {Tab.OVERDUE: Order.DUE, Tab.TODAY: Order.DUE}
"""The order in which a tab is first shown, where it is not the newest first."""
STUCK_AFTER: Final = timedelta(minutes=2)
"""A quote takes seconds: after this something is wrong."""
NOBODY: Final = "-"
"""Among the values of a filter: the cases that have none, as those for which nobody is responsible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What must be true of a case. An empty set is no condition; of several values one is enough.

    `premium_from` and `premium_to` are in 円 a year, and both belong to the range, as do the milliseconds until a quote
    or its mail. `received_from` and `changed_from` belong to it, `received_before` does not. `is_stuck`: it is open,
    wishes a quote, and has none although it came more than `STUCK_AFTER` ago. `search`: what somebody searches for;
    whether a case answers it, only its parcel says.
    """

    search: Search | None = None
    states: frozenset[State] = frozenset()
    brochures: frozenset[Brochure] = frozenset()
    industries: frozenset[str] = frozenset()
    assignees: frozenset[str] = frozenset()
    outcomes: frozenset[CaseOutcome] = frozenset()
    reasons: frozenset[str] = frozenset()
    turnover_bands: frozenset[str] = frozenset()
    mails: frozenset[MailState] = frozenset()
    first_answers: frozenset[FirstAnswer] = frozenset()
    contacted_by: frozenset[str] = frozenset()
    premium_from: int | None = None
    premium_to: int | None = None
    quoted_from_ms: int | None = None
    quoted_to_ms: int | None = None
    mailed_from_ms: int | None = None
    mailed_to_ms: int | None = None
    received_from: datetime | None = None
    received_before: datetime | None = None
    changed_from: datetime | None = None
    is_open: bool | None = None
    must_check: bool = False
    is_suspicious: bool = False
    has_failed_letters: bool = False
    is_averaged: bool = False
    is_stuck: bool = False

    @property
    def text(self) -> str:
        """What somebody searches for, as it was typed."""
        return self.search.text if self.search else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks, and when: some tabs depend on it."""

    account: str
    now: datetime

    @property
    def stuck_since(self) -> datetime:
        """What came before this should have its quote."""
        return self.now - STUCK_AFTER

    @property
    def end_of_today(self) -> datetime:
        """Midnight in Japan."""
        today = self.now.astimezone(JST).replace(hour=0, minute=0, second=0, microsecond=0)
        return today + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A tab, a filter within it, and the order."""

    viewer: Viewer
    tab: Tab = Tab.ALL
    filter: Filter = field(default_factory=Filter)
    order: Order = Order.NEWEST

    @property
    def without_filter(self) -> "Selection":
        """The whole tab, in the same order."""
        return replace(self, filter=Filter())

    def in_tab(self, tab: Tab) -> "Selection":
        """Another tab as it is at first: work that waits begins with what is due first."""
        return Selection(viewer=self.viewer, tab=tab, order=ORDER_OF.get(tab, Order.NEWEST))

    def has(self, case: CaseSummary) -> bool:
        """Whether *case* belongs to it."""
        return (
            _IN_TAB[self.tab](case, self.viewer)
            and _passes(case, self.filter)
            and (not self.filter.is_stuck or _is_stuck(case, self.viewer))
            and _has_place(case, self.order)
        )


def sort_value(case: CaseSummary, order: Order) -> datetime | int | None:
    """The value by which *order* sorts; None for a case that has no place in it."""
    match order:
        case Order.NEWEST:
            return case.accepted_at
        case Order.CHANGED:
            return case.changed_at
        case Order.DUE:
            return case.due_at
        case Order.PREMIUM:
            return case.premium_yen


def _has_place(case: CaseSummary, order: Order) -> bool:
    return sort_value(case, order) is not None


def _is_stuck(case: CaseSummary, viewer: Viewer) -> bool:
    return case.is_open and case.state is State.RECEIVED and case.accepted_at < viewer.stuck_since


def _is_due_today(case: CaseSummary, viewer: Viewer) -> bool:
    return case.due_at is not None and viewer.now <= case.due_at < viewer.end_of_today


_IN_TAB: Final[dict[Tab, Callable[[CaseSummary, Viewer], bool]]] = {
    Tab.OVERDUE: lambda case, viewer: case.due_at is not None and case.due_at < viewer.now,
    Tab.TODAY: _is_due_today,
    Tab.MINE: lambda case, viewer: case.is_open and case.assignee == viewer.account,
    Tab.UNANSWERED: lambda case, _: case.must_answer,
    Tab.CHECK: lambda case, _: case.must_check,
    Tab.APPROVE: lambda case, _: case.awaits_approval,
    Tab.ON_HOLD: lambda case, _: case.is_on_hold,
    Tab.POST: lambda case, _: case.must_post,
    Tab.ALL: lambda _case, _viewer: True,
}


def _passes(case: CaseSummary, wanted: Filter) -> bool:
    return all(
        (
            *(not values or (value or NOBODY) in values for values, value in _values(case, wanted)),
            _is_within(case.premium_yen, wanted.premium_from, wanted.premium_to),
            _is_within(case.quoted_after_ms, wanted.quoted_from_ms, wanted.quoted_to_ms),
            _is_within(case.mailed_after_ms, wanted.mailed_from_ms, wanted.mailed_to_ms),
            wanted.received_from is None or case.accepted_at >= wanted.received_from,
            wanted.received_before is None or case.accepted_at < wanted.received_before,
            wanted.changed_from is None or case.changed_at >= wanted.changed_from,
            wanted.is_open is None or case.is_open == wanted.is_open,
            not wanted.must_check or case.must_check,
            not wanted.is_suspicious or case.is_suspicious,
            not wanted.has_failed_letters or case.has_failed_letters,
            not wanted.is_averaged or case.is_averaged,
        )
    )


def _values(case: CaseSummary, wanted: Filter) -> tuple[tuple[frozenset[str], str | None], ...]:
    return (
        (frozenset(wanted.states), case.state),
        (frozenset(wanted.brochures), case.brochure),
        (wanted.industries, case.industry),
        (wanted.assignees, case.assignee),
        (frozenset(wanted.outcomes), case.closed_as),
        (wanted.reasons, case.close_reason),
        (wanted.turnover_bands, case.turnover_band),
        (frozenset(wanted.mails), case.mail),
        (frozenset(wanted.first_answers), case.first_answer),
        (wanted.contacted_by, case.contacted_by),
    )


def _is_within(value: int | None, least: int | None, most: int | None) -> bool:
    """Without a value it is in no range that has an end."""
    if value is None:
        return least is None and most is None
    return (least is None or value >= least) and (most is None or value <= most)
