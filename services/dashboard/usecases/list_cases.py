"""List cases for staff, with what the customers wrote: the desk's parcels are opened here too."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from services.dashboard.domain.case import BrokenCase, Case
from services.dashboard.domain.listing import Order, Selection, Tab, sort_value
from services.dashboard.domain.search_keys import Search, SearchKeys
from services.dashboard.domain.search_terms import matches, terms_of_query
from services.dashboard.domain.summary import CaseSummary
from services.dashboard.ports.audit import Act, Audit
from services.dashboard.ports.backlog import SetAside
from services.dashboard.ports.cases import Cases, Place, Summaries, Window
from services.dashboard.usecases.index_case import quote_numbers
from services.dashboard.usecases.open_case import OpenedCase, contacts_of, open_addresses, open_request
from shared.clock import Clock
from shared.runtime.parcels import ParcelOpener

PAGE_SIZE: Final = 50
PART_SIZE: Final = 100
"""Cases that are in memory at once when all of a selection are gone through."""
COUNTED: Final = 10_000
"""Nobody needs to know more exactly how many cases a long list has, and counting on takes time."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: the summary that it was found by, and the case as it is now."""

    summary: CaseSummary
    case: OpenedCase | BrokenCase


_NONE: Final[Mapping[str, Row]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list.

    `counts`: how many cases each tab has, and `total` the selection; `COUNTED` where it has as many or more.
    `previous` and `next`: where the pages beside this one begin; None when there is none. `set_aside`: records that
    could not be worked on, so that something may be missing here. `has_unfindable`: the search misses some cases.
    """

    rows: tuple[Row, ...]
    counts: Mapping[Tab, int]
    total: int
    previous: Window | None
    next: Window | None
    set_aside: int
    has_unfindable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCases:
    """One page of cases. Who saw which of them is recorded before anything is returned."""

    summaries: Summaries
    cases: Cases
    opener: ParcelOpener
    keys: SearchKeys
    set_aside: SetAside
    audit: Audit
    now: Clock

    async def __call__(self, selection: Selection, window: Window, known: Mapping[str, Row] = _NONE) -> Listing:
        """The part of *selection* that *window* says, with the counts of all tabs.

        *known*: what this page has shown before, by request. It is shown again where nothing has changed: neither the
        database is asked for it, nor noted again who saw it.
        """
        (shown, there_is_more, rows), set_aside, total, of_tabs, has_unfindable = await asyncio.gather(
            self._page(selection, window, known),
            self.set_aside.count_open(),
            self.summaries.count(selection, COUNTED),
            asyncio.gather(*(self.summaries.count(selection.in_tab(tab), COUNTED) for tab in Tab)),
            self._has_unfindable(selection.filter.search),
        )
        has_previous, has_next = window.after is not None, window.before is not None
        if window.is_backwards:
            has_previous = there_is_more
        else:
            has_next = there_is_more
        return Listing(
            rows=rows if selection.filter.search is None else _goes_on_first(rows),
            counts=dict(zip(Tab, of_tabs, strict=True)),
            total=total,
            previous=_before(shown, selection) if has_previous else None,
            next=_after(shown, selection) if has_next else None,
            set_aside=set_aside,
            has_unfindable=has_unfindable,
        )

    async def _page(
        self, selection: Selection, window: Window, known: Mapping[str, Row]
    ) -> tuple[Sequence[CaseSummary], bool, tuple[Row, ...]]:
        """What is shown, whether there is more, and the rows: they are opened while the database still counts."""
        # One more than is shown: it says whether there is another page.
        found = await self.summaries.page(selection, window, PAGE_SIZE + 1)
        shown = found[-PAGE_SIZE:] if window.is_backwards else found[:PAGE_SIZE]
        return shown, len(found) > PAGE_SIZE, await self.rows(shown, selection, "listed-cases", known)

    async def every(self, selection: Selection, act: Act) -> AsyncIterator[Row]:
        """Every case of *selection*, the newest first, read and recorded a part at a time. Raises `Unavailable`.

        In no other order: while it is read, a case that changes would go where nobody looks any more.
        """
        async for part in self._parts(selection):
            for row in await self.rows(part, selection, act):
                yield row

    async def every_summary(self, selection: Selection) -> AsyncIterator[CaseSummary]:
        """The same without its contents: cases are opened only where a search must be answered by them."""
        if selection.filter.search:
            async for row in self.every(selection, "listed-cases"):
                yield row.summary
        else:
            async for part in self._parts(selection):
                for one in part:
                    yield one

    async def _parts(self, selection: Selection) -> AsyncIterator[Sequence[CaseSummary]]:
        selection = replace(selection, order=Order.NEWEST)
        window: Window | None = Window()
        while window is not None:
            found = await self.summaries.page(selection, window, PART_SIZE)
            yield found
            window = _after(found, selection) if len(found) == PART_SIZE else None

    async def _has_unfindable(self, search: Search | None) -> bool:
        """Only who searches for something needs to know."""
        return search is not None and await self.summaries.has_unfindable(self.keys.ids)

    async def rows(
        self, shown: Sequence[CaseSummary], selection: Selection, act: Act, known: Mapping[str, Row] = _NONE
    ) -> tuple[Row, ...]:
        """Those of *shown* that answer the search of *selection*, if it has one, with their cases opened.

        Those not *known* are recorded first, as *act* of who looks.
        """
        rows = {one.request_id: row for one in shown if (row := known.get(one.request_id)) and row.summary == one}
        cases = await self.opened(
            [one.request_id for one in shown if one.request_id not in rows], selection.viewer.account, act
        )
        rows |= {one.request_id: Row(one, cases[one.request_id]) for one in shown if one.request_id in cases}
        found = (rows[one.request_id] for one in shown if one.request_id in rows)
        search = selection.filter.search
        return tuple(row for row in found if search is None or _answers(row.case, search))

    async def opened(self, request_ids: Sequence[str], account: str, act: Act) -> Mapping[str, OpenedCase | BrokenCase]:
        """Those that are there, opened; that *account* did *act* with them is recorded first."""
        # The database writes the entry while the parcels are opened; nothing is returned before both are done.
        recorded = asyncio.ensure_future(self._record(request_ids, account, act))
        try:
            return {_id(case): self._opened(case) for case in await self.cases.find_many(request_ids)}
        finally:
            await recorded

    async def _record(self, request_ids: Sequence[str], account: str, act: Act) -> None:
        if request_ids:
            await self.audit.record(act, self.now(), account, seen=request_ids)

    def _opened(self, case: Case | BrokenCase) -> OpenedCase | BrokenCase:
        if isinstance(case, BrokenCase):
            return case
        request, addresses = open_request(self.opener, case), open_addresses(self.opener, case)
        return OpenedCase(case, request, addresses=addresses)


def _goes_on_first(rows: Sequence[Row]) -> tuple[Row, ...]:
    """What was closed as a duplicate comes after what goes on in its place."""
    return tuple(sorted(rows, key=lambda row: row.summary.closed_as == "duplicate"))


def _answers(case: OpenedCase | BrokenCase, search: Search) -> bool:
    """What was found by its hashes alone may be something else."""
    if isinstance(case, BrokenCase):
        return False
    query, numbers = terms_of_query(search.text), (case.case.request.reception_no, quote_numbers(case.case))
    return any(matches(query, contact, *numbers) for contact in contacts_of(case.request, case.addresses))


def _id(case: Case | BrokenCase) -> str:
    return case.request_id if isinstance(case, BrokenCase) else case.request.request_id


def _before(shown: Sequence[CaseSummary], selection: Selection) -> Window | None:
    return Window(before=_place(shown[0], selection)) if shown else None


def _after(shown: Sequence[CaseSummary], selection: Selection) -> Window | None:
    """Where *selection* goes on after *shown*."""
    return Window(after=_place(shown[-1], selection)) if shown else None


def _place(case: CaseSummary, selection: Selection) -> Place | None:
    value = sort_value(case, selection.order)
    return Place(value, case.request_id) if value is not None else None
