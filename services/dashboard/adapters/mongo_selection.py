"""The rules of `Selection` as queries: the database must filter before it sorts. A spec compares both."""

from collections.abc import Iterator
from typing import Final

from services.dashboard.domain.case import State
from services.dashboard.domain.listing import NOBODY, Filter, Order, Selection, Tab, Viewer
from shared.runtime.adapters.mongo import Document

FIELD_OF: Final = {
    Order.NEWEST: "accepted_at",
    Order.CHANGED: "changed_at",
    Order.DUE: "due_at",
    Order.PREMIUM: "premium_yen",
}
"""The field that each order sorts by."""


def conditions(selection: Selection) -> list[Document]:
    """Every one must be true of a document."""
    has_place = [{FIELD_OF[selection.order]: {"$ne": None}}] if selection.order in (Order.DUE, Order.PREMIUM) else []
    stuck = {"is_open": True, "state": State.RECEIVED.value, "accepted_at": {"$lt": selection.viewer.stuck_since}}
    is_stuck = [stuck] if selection.filter.is_stuck else []
    return [*_of_tab(selection.tab, selection.viewer), *_of_filter(selection.filter), *is_stuck, *has_place]


def _of_tab(tab: Tab, viewer: Viewer) -> list[Document]:
    of_tab: dict[Tab, list[Document]] = {
        Tab.OVERDUE: [{"due_at": {"$lt": viewer.now, "$ne": None}}],
        Tab.TODAY: [{"due_at": {"$gte": viewer.now, "$lt": viewer.end_of_today}}],
        Tab.MINE: [{"is_open": True, "assignee": viewer.account}],
        Tab.UNANSWERED: [{"must_answer": True}],
        Tab.CHECK: [{"must_check": True}],
        Tab.APPROVE: [{"awaits_approval": True}],
        Tab.ON_HOLD: [{"is_on_hold": True}],
        Tab.POST: [{"must_post": True}],
        Tab.ALL: [],
    }
    return of_tab[tab]


def _of_filter(wanted: Filter) -> Iterator[Document]:
    of_fields: dict[str, frozenset[str]] = {
        "state": frozenset(wanted.states),
        "brochure": frozenset(wanted.brochures),
        "industry": wanted.industries,
        "assignee": wanted.assignees,
        "closed_as": frozenset(wanted.outcomes),
        "close_reason": wanted.reasons,
        "turnover_band": wanted.turnover_bands,
        "mail": frozenset(wanted.mails),
        "first_answer": frozenset(wanted.first_answers),
        "contacted_by": wanted.contacted_by,
    }
    for name, values in of_fields.items():
        if values:
            yield {name: {"$in": [None if value == NOBODY else str(value) for value in sorted(values)]}}
    for name, least, most in (
        ("premium_yen", {"$gte": wanted.premium_from}, {"$lte": wanted.premium_to}),
        ("quoted_after_ms", {"$gte": wanted.quoted_from_ms}, {"$lte": wanted.quoted_to_ms}),
        ("mailed_after_ms", {"$gte": wanted.mailed_from_ms}, {"$lte": wanted.mailed_to_ms}),
        ("accepted_at", {"$gte": wanted.received_from}, {"$lt": wanted.received_before}),
    ):
        yield from ({name: bound} for bound in (least, most) if None not in bound.values())
    if wanted.changed_from is not None:
        yield {"changed_at": {"$gte": wanted.changed_from}}
    if wanted.is_open is not None:
        yield {"is_open": wanted.is_open}
    for name in ("must_check", "is_suspicious", "has_failed_letters", "is_averaged"):
        if getattr(wanted, name):
            yield {name: True}
