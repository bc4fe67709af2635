"""When a letter that was not accepted is tried again: after half a minute, then ever later, for 72 hours (ADR 0008)."""

from datetime import timedelta
from typing import Final

RETRY_FOR: Final = timedelta(hours=72)
"""A letter has failed when its waits between attempts would be longer together."""
_FIRST_DELAYS_MINUTES: Final = (0.5, 1, 2, 5, 10, 20, 30)
_LATER_DELAY: Final = timedelta(hours=1)


def all_delays(attempts: int) -> timedelta:
    """How long a letter has waited by the end of the wait after the last of so many *attempts*.

    Not by the clock: a letter must not fail because the server, or we, were away for longer than the 72 hours.
    """
    return sum(map(retry_delay, range(1, attempts + 1)), start=timedelta())


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after the last of so many *attempts*, at least one."""
    if attempts <= len(_FIRST_DELAYS_MINUTES):
        return timedelta(minutes=_FIRST_DELAYS_MINUTES[attempts - 1])
    return _LATER_DELAY
