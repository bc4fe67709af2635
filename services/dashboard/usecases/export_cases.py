"""Give out every case of a selection, for a file: a part at a time, so that no number of cases fills the memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from services.dashboard.domain.listing import Selection
from services.dashboard.usecases.list_cases import ListCases, Row


@dataclass(frozen=True, slots=True)
class ExportCases:
    """All rows of a list. Of each part it is recorded who got which cases, before it is given out."""

    list_cases: ListCases

    def __call__(self, selection: Selection) -> AsyncIterator[Row]:
        """In the order of the list. Raises `Unavailable`, also between two rows."""
        return self.list_cases.every(selection, "exported-cases")
