"""Whether one more draft may be begun: strangers must not fill the database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from prometheus_client import Gauge

from services.intake.ports import Drafts
from shared.clock import Clock, has_passed

log = structlog.get_logger(__name__)

MOST_DRAFTS: Final = 200_000
"""At most 16 GB (`save_draft.MOST_BYTES` each), if strangers fill all of them; those of customers have some 2 KB.

Ten thousand customers a day, each with a colleague, leave a tenth of it.
"""
_COUNTED_EVERY: Final = timedelta(seconds=10)
_REPORTED_EVERY: Final = timedelta(hours=1)
DRAFTS: Final = Gauge("drafts_stored", "Half-filled forms in the database")
FULL: Final = Gauge("drafts_full", "1 while no new form can be begun, because too many are stored")


@dataclass(slots=True)
class LimitDrafts:
    """Counts the drafts that are stored, at most once in ten seconds."""

    drafts: Drafts
    now: Clock
    most: int = MOST_DRAFTS
    _counted_at: datetime | None = field(default=None, init=False)
    _reported_at: datetime | None = field(default=None, init=False)
    _is_full: bool = field(default=False, init=False)

    async def __call__(self) -> bool:
        """Whether one more may be stored. Raises `Unavailable`."""
        now = self.now()
        if has_passed(_COUNTED_EVERY, self._counted_at, now):
            self._counted_at = now
            count = await self.drafts.count()
            self._is_full = count >= self.most
            DRAFTS.set(count)
            FULL.set(self._is_full)
            if self._is_full and has_passed(_REPORTED_EVERY, self._reported_at, now):
                self._reported_at = now
                log.error("too many drafts", count=count)
        return not self._is_full
