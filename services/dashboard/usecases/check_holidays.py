"""Say loudly that the list of national holidays ends: after it, deadlines over holidays are too early."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from shared.clock import JST, Clock
from shared.products.national_holidays import NationalHolidays

log = structlog.get_logger(__name__)

NOTICE: Final = timedelta(days=90)
"""Time enough to update: the days of a year are published on the first of February of the year before."""


@dataclass(frozen=True, slots=True)
class CheckHolidays:
    """Warn from `NOTICE` before the list ends, and call it an error from the day after its last."""

    holidays: NationalHolidays
    now: Clock

    def __call__(self) -> None:
        """Called at every start."""
        last = self.holidays.last
        left = last - self.now().astimezone(JST).date()
        reason = f"known up to {last}: update to a version whose national-holidays.yaml has the next year"
        if left < timedelta():
            log.error("national holidays unknown", reason=reason)
        elif left <= NOTICE:
            log.warning("national holidays end soon", count=left.days, reason=reason)
