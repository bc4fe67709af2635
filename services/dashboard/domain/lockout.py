"""How long an account is locked after failed log-ins. Guessing passwords has to be slow, whoever guesses.

The database deletes tries by these times: before you change one, read the comment in `MongoTries`.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

ALLOWED_TRIES: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)
TRIES_COUNT_FOR: Final = 2 * LOCKED_FOR
"""Older tries do not count. It is longer than the lock: one more failure right after a lock locks again."""


def locked_until(tries: Iterable[datetime], now: datetime) -> datetime | None:
    """When the lock after these failed *tries* ends; None if the account is not locked *now*."""
    recent = [moment for moment in tries if moment > now - TRIES_COUNT_FOR]
    if len(recent) < ALLOWED_TRIES:
        return None
    end = max(recent) + LOCKED_FOR
    return end if now < end else None
