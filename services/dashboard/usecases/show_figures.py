"""Count the cases of a period for the page of the figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.dashboard.domain.figures import Figure, Line, Period, lines_of
from services.dashboard.ports.cases import Figures
from shared.clock import JST, Clock


@dataclass(frozen=True, slots=True)
class ShowFigures:
    """Every figure of a period. It opens no parcel, so nobody need be told who looked."""

    figures: Figures
    now: Clock

    async def __call__(self, period: Period) -> Mapping[Figure, tuple[Line, ...]]:
        """Their lines, in the order in which they are shown."""
        tallies, today = await self.figures.tallies(period), self.now().astimezone(JST).date()
        return {figure: lines_of(figure, tallies, period, today) for figure in Figure}
