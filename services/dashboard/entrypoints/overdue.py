"""Looks every minute for deadlines that have passed, until the process ends. Any number of processes may look."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from shared.errors import Unavailable

log = structlog.get_logger(__name__)

EVERY_S: Final = 60.0


async def tell_overdue_regularly(tell: Callable[[], Awaitable[None]], *, every_s: float = EVERY_S) -> None:
    """Until it is cancelled. While the database is away, it looks on."""
    while True:
        try:
            await tell()
        except Unavailable as error:
            log.warning("overdue not told", reason=str(error))
        except Exception as error:
            # If this task ended, nobody would be told any more and no check would notice.
            log.exception("overdue not told", error=type(error).__name__)
        await asyncio.sleep(every_s)
