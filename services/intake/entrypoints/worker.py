"""The worker: counts again and again how far visitors come. No customer waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from shared.runtime.waiting import tried_again

log = structlog.get_logger(__name__)

PAUSE_S: Final = 60.0
SHARE: Final = 1 / 200
"""Of the time at most: after a count that took a second, the next one begins more than three minutes later."""


async def count_regularly(count_days: Callable[[], Awaitable[None]], *, pause_s: float = PAUSE_S) -> None:
    """Count until cancelled. While the database is away, or after a bug, the next count comes as usual."""
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        with tried_again(log, "counting waits"):
            await count_days()
        await asyncio.sleep(max(pause_s, (loop.time() - began) / SHARE))
