"""Which cases a list shows, and in which order. The rules are decided here; the database has the same as queries."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from services.dashboard.domain.case import State
from services.dashboard.domain.summary import Brochure, CaseSummary
from shared.clock import JST


class Tab(StrEnum):
    """The parts of the desk's work, in the order of their tabs."""

    OVERDUE = "overdue"
    TODAY = "today"
    MINE = "mine"
    UNANSWERED = "unanswered"
    CHECK = "check"
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
NOBODY: Final = "-"
"""As an assignee in a filter: cases for which nobody is responsible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What must be true of a case. An empty set is no condition; of several values one is enough.

    `premium_from` and `premium_to` are in 円 a year, and both belong to the range. `received_from` and
    `changed_from` belong to it, `received_before` does not.
    """

    states: frozenset[State] = frozenset()
    brochures: frozenset[Brochure] = frozenset()
    industries: frozenset[str] = frozenset()
    assignees: frozenset[str] = frozenset()
    premium_from: int | None = None
    premium_to: int | None = None
    received_from: datetime | None = None
    received_before: datetime | None = None
    changed_from: datetime | None = None
    is_open: bool | None = None
    must_check: bool = False
    is_suspicious: bool = False
    has_failed_letters: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks, and when: some tabs depend on it."""

    account: str
    now: datetime

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
        return _IN_TAB[self.tab](case, self.viewer) and _passes(case, self.filter) and _has_place(case, self.order)


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


def _is_due_today(case: CaseSummary, viewer: Viewer) -> bool:
    return case.due_at is not None and viewer.now <= case.due_at < viewer.end_of_today


_IN_TAB: Final[dict[Tab, Callable[[CaseSummary, Viewer], bool]]] = {
    Tab.OVERDUE: lambda case, viewer: case.due_at is not None and case.due_at < viewer.now,
    Tab.TODAY: _is_due_today,
    Tab.MINE: lambda case, viewer: case.is_open and case.assignee == viewer.account,
    Tab.UNANSWERED: lambda case, _: case.must_answer,
    Tab.CHECK: lambda case, _: case.must_check,
    Tab.POST: lambda case, _: case.must_post,
    Tab.ALL: lambda _case, _viewer: True,
}


def _passes(case: CaseSummary, wanted: Filter) -> bool:
    return all(
        (
            not wanted.states or case.state in wanted.states,
            not wanted.brochures or case.brochure in wanted.brochures,
            not wanted.industries or case.industry in wanted.industries,
            not wanted.assignees or (case.assignee or NOBODY) in wanted.assignees,
            wanted.premium_from is None or (case.premium_yen or -1) >= wanted.premium_from,
            wanted.premium_to is None or (case.premium_yen is not None and case.premium_yen <= wanted.premium_to),
            wanted.received_from is None or case.accepted_at >= wanted.received_from,
            wanted.received_before is None or case.accepted_at < wanted.received_before,
            wanted.changed_from is None or case.changed_at >= wanted.changed_from,
            wanted.is_open is None or case.is_open == wanted.is_open,
            not wanted.must_check or case.must_check,
            not wanted.is_suspicious or case.is_suspicious,
            not wanted.has_failed_letters or case.has_failed_letters,
        )
    )
