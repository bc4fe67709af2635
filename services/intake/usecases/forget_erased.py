"""Obey erasures in intake itself, which publishes them and reads its own topic like nobody else."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog

from services.intake.ports import Erasures

log = structlog.get_logger(__name__)

MOST_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class ForgetErased:
    """Forget what is held on every request that an operator has erased. Safe to repeat, and in several processes."""

    erasures: Erasures
    forget: Callable[[str], Awaitable[None]]

    async def __call__(self) -> None:
        """Marked afterwards: a process that ends halfway leaves it for the next look. Raises `Unavailable`."""
        while request_ids := await self.erasures.waiting(MOST_AT_ONCE):
            for request_id in request_ids:
                await self.forget(request_id)
                await self.erasures.mark(request_id)
                log.info("request erased", request_id=request_id)
