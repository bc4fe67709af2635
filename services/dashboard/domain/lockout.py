"""When an account must wait: guessing passwords has to be slow, whoever guesses."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

ALLOWED_TRIES: Final = 5
WAIT: Final = timedelta(minutes=15)
MEMORY: Final = 2 * WAIT
"""Older tries do not count. Longer than the wait, so that one more failure after it means another wait."""


def locked_until(tries: Iterable[datetime], now: datetime) -> datetime | None:
    """When the account may be tried again, if it must wait *now* after these failed *tries*."""
    recent = [moment for moment in tries if moment > now - MEMORY]
    if len(recent) < ALLOWED_TRIES:
        return None
    free = max(recent) + WAIT
    return free if now < free else None
