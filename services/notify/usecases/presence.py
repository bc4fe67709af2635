"""Who is at work, so that the letters of a process that was killed are taken over in seconds.

It decides *when* others look at such a letter, never whether they may send it: that is the void token's part
(docs/adr/0008-three-insert-mail-attempts.md). To be taken for gone by mistake after a token makes a second copy,
though, so in doubt everybody is at work.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.notify.domain.attempts import BEAT_S, GONE_AFTER
from services.notify.ports import Workers
from shared.clock import Clock
from shared.errors import Unavailable

log = structlog.get_logger(__name__)

AGAIN_S: Final = 1.0
"""After a beat that failed: sooner than the others may begin to judge."""
STEADY_GAP: Final = timedelta(seconds=10)


class Presence:
    """Says that *worker* is alive, and tells which others are not."""

    def __init__(
        self, worker: str, workers: Workers, now: Clock, *, beat_s: float = BEAT_S, again_s: float = AGAIN_S
    ) -> None:
        self._worker = worker
        self._workers = workers
        self._now = now
        self._beat_s = beat_s
        self._again_s = again_s
        self._last: datetime | None = None
        self._steady_since: datetime | None = None
        self._stopping = asyncio.Event()

    @asynccontextmanager
    async def shown(self) -> AsyncIterator[None]:
        """Alive from before the block until after it; then gone at once. Raises `Unavailable` if it cannot begin."""
        await self.beat()
        beating = asyncio.ensure_future(self._beat_on())
        try:
            yield
        finally:
            self._stopping.set()
            # Not cancelled: a beat that is still on its way would bring back the one who has left.
            await beating
            with suppress(Unavailable):
                await self._workers.leave(self._worker)

    async def beat(self) -> None:
        """Say once that we are alive. Raises `Unavailable`."""
        at, last = self._now(), self._last
        # Until it is kept we are not steady: the ledger may be away, for the others as for us.
        steady_since, self._steady_since = self._steady_since, None
        await self._workers.beat(self._worker, at)
        broken = steady_since is None or last is None or at - last > STEADY_GAP
        self._last, self._steady_since = at, at if broken else steady_since

    async def gone(self, worker: str) -> bool:
        """Whether *worker* has left, or was silent for long while we could be heard. Raises `Unavailable`.

        After an outage of the ledger everybody looks silent; the first one back must let the others come back too.
        """
        seen = await self._workers.last_seen(worker)
        if seen is None:
            return True
        now = self._now()
        return now - seen > GONE_AFTER and self._steady(now)

    def _steady(self, now: datetime) -> bool:
        if self._last is None or self._steady_since is None:
            return False
        return now - self._last <= STEADY_GAP and now - self._steady_since >= GONE_AFTER

    async def _beat_on(self) -> None:
        wait_s = self._beat_s
        while not await _came(self._stopping, wait_s):
            try:
                await self.beat()
            except Exception as error:  # noqa: BLE001  # whatever it was, who stops beating loses the letters in hand
                log.warning("beat missed", error=type(error).__name__)
                wait_s = self._again_s
            else:
                wait_s = self._beat_s


async def _came(event: asyncio.Event, within_s: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), within_s)
    return event.is_set()
