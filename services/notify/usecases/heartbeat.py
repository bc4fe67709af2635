"""Which processes are alive, so that the letters of one that was killed are taken over in seconds.

It decides *when* others look at such a letter, never whether they may send it: the void token decides that
(docs/adr/0008-three-insert-mail-attempts.md). But if a live process is taken for dead after its token, a second
copy is sent, so in doubt every process counts as alive.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

import structlog

from services.notify.ports import Workers
from shared.clock import Clock
from shared.errors import Unavailable
from shared.runtime.waiting import wait_for

log = structlog.get_logger(__name__)

BEAT_S: Final = 5.0
"""How often a process that may have leases says that it is alive."""
DEAD_AFTER: Final = timedelta(seconds=15)
"""A process without a beat for longer than this counts as dead."""
RETRY_S: Final = 1.0
"""After a beat that failed, try again this soon: before others may count us as dead."""
MAX_GAP: Final = timedelta(seconds=10)
"""Our own heartbeat counts as steady only while no gap between its beats is longer than this."""


class Heartbeat:
    """Says that *worker* is alive, and tells which others are not."""

    def __init__(
        self, worker: str, workers: Workers, now: Clock, *, beat_s: float = BEAT_S, retry_s: float = RETRY_S
    ) -> None:
        self._worker = worker
        self._workers = workers
        self._now = now
        self._beat_s = beat_s
        self._retry_s = retry_s
        self._last: datetime | None = None
        self._steady_since: datetime | None = None
        self._stopping = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Beat from before the block until after it, then let others take over at once.

        Raises `Unavailable` if the first beat fails.
        """
        await self.beat()
        beating = asyncio.ensure_future(self._beat_until_stopped())
        try:
            yield
        finally:
            self._stopping.set()
            # Not cancelled: a beat that arrives late would make a process that has stopped look alive again.
            await beating
            with suppress(Unavailable):
                await self._workers.remove(self._worker)

    async def beat(self) -> None:
        """Say once that we are alive. Raises `Unavailable`."""
        at, last = self._now(), self._last
        # Until the beat is kept, ours is not steady: the ledger may be away, for the others as for us.
        steady_since, self._steady_since = self._steady_since, None
        await self._workers.beat(self._worker, at)
        # Also when the clock was put back: nobody would look steady until it is there again.
        is_broken = steady_since is None or last is None or not timedelta() <= at - last <= MAX_GAP
        self._last, self._steady_since = at, at if is_broken else steady_since

    async def is_dead(self, worker: str) -> bool:
        """Whether *worker* has stopped, or was silent for long while our own beats arrived. Raises `Unavailable`.

        After an outage of the ledger every process looks silent. The first one that beats again must not take the
        others for dead before they could beat again too.
        """
        seen = await self._workers.last_seen(worker)
        if seen is None:
            return True
        now = self._now()
        return now - seen > DEAD_AFTER and self._is_steady(now)

    def _is_steady(self, now: datetime) -> bool:
        if self._last is None or self._steady_since is None:
            return False
        return now - self._last <= MAX_GAP and now - self._steady_since >= DEAD_AFTER

    async def _beat_until_stopped(self) -> None:
        wait_s = self._beat_s
        while not await wait_for(self._stopping, wait_s):
            try:
                await self.beat()
            except Exception as error:  # noqa: BLE001  # whatever it was, a process that stops beating loses its leases
                log.warning("beat missed", error=type(error).__name__)
                wait_s = self._retry_s
            else:
                wait_s = self._beat_s
