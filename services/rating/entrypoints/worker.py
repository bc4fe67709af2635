"""The worker: a tariff starts by the calendar, and no event says so."""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from shared.runtime.waiting import regularly

log = structlog.get_logger(__name__)

PAUSE_S: Final = 20.0
"""For so long after midnight an estimate may be of the tariff before."""


async def start_regularly(start_tariffs: Callable[[], Awaitable[None]], *, pause_s: float = PAUSE_S) -> None:
    """Look until cancelled. While the database is away, or after a bug, the next look comes as usual."""
    await regularly(start_tariffs, log, "tariff waits", every_s=pause_s)
