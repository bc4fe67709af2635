"""The worker: letters that are due are sent to the mail server, one by one.

It is woken after every letter that is written, and looks every half second in any case. Each process has four
connections, and any number of processes may run: the attempts decide which of them sends a letter, never this file.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Final

import structlog

from services.notify.ports import Letter, Letters, MailConnection, MailServerRefuses
from services.notify.usecases.metrics import PENDING, REFUSED, WAITING
from shared.clock import Clock
from shared.errors import Unavailable
from shared.runtime.waiting import Backoff, wait_for

log = structlog.get_logger(__name__)

CONNECTIONS: Final = 4
POLL_S: Final = 0.5
"""How often a connection looks for due letters when nothing wakes it."""
MEASURE_S: Final = 5.0
"""How often the letters without an outcome are counted."""
SHUTDOWN_S: Final = 10.0
"""For the letters in progress, when the process stops."""
UNAVAILABLE_BACKOFF: Final = Backoff((1.0, 2.0, 4.0, 8.0, 16.0, 30.0))
POSTPONE_AFTER_BUG: Final = timedelta(minutes=1)
"""When a letter that met a bug of ours is looked at again."""

Deliver = Callable[[Letter, MailConnection], Awaitable[bool]]
"""Does what is possible now for one letter; whether the mail server answered for it. Raises `Unavailable`."""


class WakeUp:
    """Wakes one waiting connection for each new letter: if all woke, all would look for the same letter."""

    def __init__(self) -> None:
        self._pending: asyncio.Queue[None] = asyncio.Queue(CONNECTIONS)

    def wake(self) -> None:
        """There is a new letter. When as many wake-ups are pending as there are connections, it will be found."""
        with suppress(asyncio.QueueFull):
            self._pending.put_nowait(None)

    async def wait(self, at_most_s: float) -> None:
        """Until this waiter is woken, or *at_most_s* seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most_s):
                await self._pending.get()


class MailDispatcher:
    """Delivers what is due until stopped. While something is away it waits, and that costs no letter an attempt."""

    def __init__(
        self,
        letters: Letters,
        deliver: Deliver,
        new_connection: Callable[[], MailConnection],
        wake_up: WakeUp,
        now: Clock,
        *,
        backoff: Backoff = UNAVAILABLE_BACKOFF,
    ) -> None:
        self._letters = letters
        self._deliver = deliver
        self._new_connection = new_connection
        self._wake_up = wake_up
        self._now = now
        self._backoff = backoff
        self._in_progress: set[str] = set()
        self._is_refused = False
        self._stopping = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver while the block runs; at its end finish the letters in progress, and no others."""
        loops = [*(self._deliver_until_stopped() for _ in range(CONNECTIONS)), self._measure()]
        tasks = [asyncio.ensure_future(loop) for loop in loops]
        try:
            yield
        finally:
            self._stopping.set()
            for _ in range(CONNECTIONS):
                self._wake_up.wake()
            _, late = await asyncio.wait(tasks, timeout=SHUTDOWN_S)
            for task in late:
                task.cancel()

    async def deliver_due(self, connection: MailConnection) -> None:
        """Deliver until nothing is due that is not in progress on another connection. Raises `Unavailable`."""
        while not self._stopping.is_set():
            letter = await self._letters.next_due(self._now(), self._in_progress)
            if letter is None:
                return
            if letter.id in self._in_progress:
                # Another connection looked at the same moment and was quicker.
                continue
            self._in_progress.add(letter.id)
            try:
                await self._deliver_or_postpone(letter, connection)
            finally:
                self._in_progress.discard(letter.id)

    async def _deliver_or_postpone(self, letter: Letter, connection: MailConnection) -> None:
        try:
            if await self._deliver(letter, connection):
                self._note_refusal(is_refused=False)
        except Unavailable:
            raise
        except Exception as error:
            # A bug that shows with one letter must not delay the others.
            log.exception("letter set aside", letter_id=letter.id, kind=letter.kind, error=type(error).__name__)
            await self._letters.postpone(letter, self._now() + POSTPONE_AFTER_BUG)

    async def _deliver_until_stopped(self) -> None:
        connection, failures = self._new_connection(), 0
        try:
            while not self._stopping.is_set():
                if await self._try_to_deliver_due(connection, failures):
                    if failures:
                        WAITING.dec()
                    failures = 0
                    await self._wake_up.wait(POLL_S)
                else:
                    if not failures:
                        WAITING.inc()
                    # A new letter does not end this wait: the mail server or the ledger is still away.
                    await wait_for(self._stopping, self._backoff.after(failures))
                    failures += 1
        finally:
            await connection.close()

    async def _try_to_deliver_due(self, connection: MailConnection, failures: int) -> bool:
        try:
            await self.deliver_due(connection)
        except MailServerRefuses as error:
            # Trying again does not help: somebody has to mend the settings. An error once, so that an alarm rings once,
            # also after a time in which the server was away, and however many connections are refused.
            level = logging.WARNING if self._is_refused else logging.ERROR
            self._note_refusal(is_refused=True)
            log.log(level, "letters wait", reason=str(error), to_do=error.to_do, tries=failures)
        except Unavailable as error:
            log.warning("letters wait", reason=str(error), tries=failures)
        except Exception as error:
            # If this task ended, letters would wait and no check would notice.
            log.exception("letters wait", error=type(error).__name__, tries=failures)
        else:
            return True
        return False

    def _note_refusal(self, *, is_refused: bool) -> None:
        self._is_refused = is_refused
        REFUSED.set(is_refused)

    async def _measure(self) -> None:
        while not self._stopping.is_set():
            with suppress(Unavailable):
                PENDING.set(await self._letters.pending())
            await wait_for(self._stopping, MEASURE_S)
