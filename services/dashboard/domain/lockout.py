"""When an account must wait: guessing passwords has to be slow, whoever guesses."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

ALLOWED_TRIES: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)
TRIES_COUNT_FOR: Final = 2 * LOCKED_FOR
"""Older tries do not count. It is longer than the lock: one more failure right after a lock locks again."""


def locked_until(tries: Iterable[datetime], now: datetime) -> datetime | None:
    """When the account may be tried again, if it must wait *now* after these failed *tries*."""
    recent = [moment for moment in tries if moment > now - TRIES_COUNT_FOR]
    if len(recent) < ALLOWED_TRIES:
        return None
    free = max(recent) + LOCKED_FOR
    return free if now < free else None
