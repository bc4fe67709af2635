"""When a letter that was not accepted is tried again: after half a minute, then ever later, for 72 hours (ADR 0008)."""

from datetime import timedelta
from typing import Final

RETRY_FOR: Final = timedelta(hours=72)
"""Counted from the first claim. A letter whose next attempt would be later has failed."""
_FIRST_DELAYS_MINUTES: Final = (0.5, 1, 2, 5, 10, 20, 30)
_LATER_DELAY: Final = timedelta(hours=1)


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after the last of so many *attempts*, at least one."""
    if attempts <= len(_FIRST_DELAYS_MINUTES):
        return timedelta(minutes=_FIRST_DELAYS_MINUTES[attempts - 1])
    return _LATER_DELAY
