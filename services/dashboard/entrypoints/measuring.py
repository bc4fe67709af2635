"""Measures a few times a minute what operators watch, until the process ends. No page waits for it."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from shared.runtime.waiting import regularly

log = structlog.get_logger(__name__)

EVERY_S: Final = 15.0
"""A request without an answer must be alarming within 120 seconds."""
SHARE: Final = 1 / 100
"""Of the time at most: where a count takes a second, the next one begins after more than a minute and a half."""


async def measure_regularly(measure: Callable[[], Awaitable[None]], *, every_s: float = EVERY_S) -> None:
    """Until cancelled. While the database is away, or after a bug, the next time comes as usual."""
    await regularly(measure, log, "requests not measured", every_s=every_s, share=SHARE)
