"""Give out every case of a selection, for a file: a part at a time, so that no number of cases fills the memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from services.dashboard.domain.listing import Selection
from services.dashboard.ports.cases import Window
from services.dashboard.usecases.list_cases import ListCases, Row, after

BATCH_SIZE: Final = 100


@dataclass(frozen=True, slots=True)
class ExportCases:
    """All rows of a list. Of each part it is recorded who got which cases, before it is given out."""

    list_cases: ListCases

    async def __call__(self, selection: Selection) -> AsyncIterator[Row]:
        """In the order of the list. Raises `Unavailable`, also between two rows."""
        window: Window | None = Window()
        while window is not None:
            found = await self.list_cases.summaries.page(selection, window, BATCH_SIZE)
            for row in await self.list_cases.rows(found, selection.viewer.account, "exported-cases"):
                yield row
            window = after(found, selection) if len(found) == BATCH_SIZE else None
