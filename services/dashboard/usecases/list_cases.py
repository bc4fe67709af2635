"""List cases for staff, with what the customers wrote: the desk's parcels are opened here too."""

from dataclasses import dataclass
from typing import Final

from services.dashboard.domain.case import State
from services.dashboard.ports import Cases
from services.dashboard.usecases.open_case import OpenedCase, open_request
from shared.runtime.parcels import ParcelOpener

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list; `number` and `pages` count from one."""

    rows: tuple[OpenedCase, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class ListCases:
    """One page of cases, newest first."""

    cases: Cases
    opener: ParcelOpener

    async def __call__(self, state: State | None, number: int, *, suspicious: bool = False) -> Listing:
        """A number beyond the last page is an empty page."""
        page = await self.cases.page(state, (number - 1) * PAGE_SIZE, PAGE_SIZE, suspicious=suspicious)
        return Listing(
            rows=tuple(OpenedCase(case, open_request(self.opener, case)) for case in page.cases),
            total=page.total,
            number=number,
            pages=max(1, -(-page.total // PAGE_SIZE)),
        )
