"""Looks every minute for what is late, until the process ends. Any number of processes may look."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from shared.runtime.waiting import tried_again

log = structlog.get_logger(__name__)

EVERY_S: Final = 60.0


async def tell_regularly(*tell: Callable[[], Awaitable[None]], every_s: float = EVERY_S) -> None:
    """Until it is cancelled. While the database is away, it looks on."""
    while True:
        for each in tell:
            with tried_again(log, "overdue not told"):
                await each()
        await asyncio.sleep(every_s)
