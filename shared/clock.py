"""The one place that reads the real clock; everybody else takes a `Clock` as a parameter."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

Clock = Callable[[], datetime]
"""The present moment in UTC, to the millisecond."""

JST = timezone(timedelta(hours=9), "JST")
"""Japan has no summer time. Dates are UTC in data and JST for people."""


def utc_now() -> datetime:
    """Cut to milliseconds, because that is what Mongo keeps: a moment must read back as it was written."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
