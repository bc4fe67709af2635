"""The only file that reads the real clock; all other code takes a `Clock` as a parameter."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

Clock = Callable[[], datetime]
"""The present moment in UTC, to the millisecond."""

JST = timezone(timedelta(hours=9), "JST")
"""Japan has no summer time. Dates are UTC in data and JST for people."""


def spoken_day(day: date) -> str:
    """`2026年12月23日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def has_passed(span: timedelta, since: datetime | None, now: datetime) -> bool:
    """Whether *span* has passed since then; None is never.

    Also when *since* is still to come: the clock was put back, and nobody may wait until it is there again.
    """
    return since is None or not timedelta() <= now - since < span


def utc_now() -> datetime:
    """The present moment, cut to milliseconds: MongoDB stores no more, and a time must read back as it was written."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
