"""List cases for staff, with what the customers wrote: the desk's parcels are opened here too."""

import asyncio
from dataclasses import dataclass
from typing import Final

from services.dashboard.domain.case import BrokenCase, Case, State
from services.dashboard.ports import Audit, Cases, Page, SetAside
from services.dashboard.usecases.open_case import OpenedCase, open_request
from shared.clock import Clock
from shared.runtime.parcels import ParcelOpener

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list; `number` and `pages` count from one.

    `set_aside`: records that could not be worked on, so that something may be missing here.
    """

    rows: tuple[OpenedCase | BrokenCase, ...]
    total: int
    number: int
    pages: int
    set_aside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCases:
    """One page of cases, newest first. Who saw which of them is recorded before anything is returned."""

    cases: Cases
    opener: ParcelOpener
    set_aside: SetAside
    audit: Audit
    now: Clock

    async def __call__(self, state: State | None, number: int, account: str, *, suspicious: bool = False) -> Listing:
        """A number beyond the last page is an empty page."""
        page, set_aside = await asyncio.gather(
            self.cases.page(state, (number - 1) * PAGE_SIZE, PAGE_SIZE, suspicious=suspicious),
            self.set_aside.count_open(),
        )
        # The database writes the entry while the parcels are opened; nothing is returned before both are done.
        recorded = asyncio.ensure_future(self._record(page, account))
        await asyncio.sleep(0)
        rows = tuple(self._opened(case) for case in page.cases)
        await recorded
        return Listing(
            rows=rows,
            total=page.total,
            number=number,
            pages=max(1, -(-page.total // PAGE_SIZE)),
            set_aside=set_aside,
        )

    async def _record(self, page: Page, account: str) -> None:
        if page.cases:
            seen = [case.request.request_id if isinstance(case, Case) else case.request_id for case in page.cases]
            await self.audit.record("listed-cases", self.now(), account, seen=seen)

    def _opened(self, case: Case | BrokenCase) -> OpenedCase | BrokenCase:
        return case if isinstance(case, BrokenCase) else OpenedCase(case, open_request(self.opener, case))
