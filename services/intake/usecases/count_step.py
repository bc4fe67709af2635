"""Count how far visitors come, up to a number of steps a day: strangers must not fill the database."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

import structlog

from services.intake.domain.funnel import Step
from services.intake.ports import Steps

log = structlog.get_logger(__name__)

MOST_STEPS: Final = 120_000
"""A day, of one process: ten thousand visits of twelve steps. At most 50 MB, and 20 GB in 400 days (`STEPS_KEPT`)."""


@dataclass(slots=True)
class CountStep:
    """Store steps until there are too many of them on one day (UTC): then the log says that it is counted too low.

    What one place may leave is counted before (`rate_limiter.py`): ten thousand places together must have an end, too.
    """

    steps: Steps
    most: int = MOST_STEPS
    _day: date | None = field(default=None, init=False)
    _count: int = field(default=0, init=False)

    async def __call__(self, step: Step) -> None:
        """Store *step* if that can be done now; it raises nothing."""
        day = step.at.date()
        if day != self._day:
            self._day, self._count = day, 0
        self._count += 1
        if self._count <= self.most:
            await self.steps.add(step)
        elif self._count == self.most + 1:
            log.error("too many steps", day=day.isoformat(), most=self.most)
