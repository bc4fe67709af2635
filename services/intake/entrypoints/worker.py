"""The workers: they count visitors, take up new tariffs and obey erasures. No customer waits for them."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from shared.runtime.waiting import regularly

log = structlog.get_logger(__name__)

PAUSE_S: Final = 60.0
MEASURE_S: Final = 15.0
"""A request that the dashboard does not know must be alarming within 120 seconds."""
SHARE: Final = 1 / 200
"""Of the time at most: after a count that took a second, the next one begins more than three minutes later."""
REFRESH_S: Final = 5.0
"""A new tariff shows after so long, in every process."""

FORGET_S: Final = 2.0
"""An operator waits for an erasure."""


async def count_regularly(count_days: Callable[[], Awaitable[None]], *, pause_s: float = PAUSE_S) -> None:
    """Count until cancelled. While the database is away, or after a bug, the next count comes as usual."""
    await regularly(count_days, log, "counting waits", every_s=pause_s, share=SHARE)


async def refresh_regularly(refresh: Callable[[], Awaitable[None]], *, pause_s: float = REFRESH_S) -> None:
    """Take up what any process has kept, until cancelled. While the database is away, what is known stays."""
    await regularly(refresh, log, "tariffs wait", every_s=pause_s)


async def forget_regularly(forget_erased: Callable[[], Awaitable[None]], *, pause_s: float = FORGET_S) -> None:
    """Obey what operators have erased, until cancelled."""
    await regularly(forget_erased, log, "erasures wait", every_s=pause_s)
