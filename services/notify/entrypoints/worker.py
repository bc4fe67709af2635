"""The worker: letters that are due are sent to the mail server, one by one.

It gets every letter that this process has written, and looks every second for what else is due. Each process has
four connections, and any number of processes may run: the attempts decide which of them sends a letter, never this
file.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

import structlog
from opentelemetry import trace

from services.notify.domain.delivery_state import Ended
from services.notify.domain.letter import Letter
from services.notify.domain.pieces import Pieces, joined
from services.notify.entrypoints.delivery_span import delivery_span
from services.notify.entrypoints.new_letters import NewLetters
from services.notify.entrypoints.turn import Beside, Turn
from services.notify.ports import Letters, MailConnection, MailServerRefuses
from services.notify.usecases.deliver import Delivered
from services.notify.usecases.metrics import PENDING, REFUSED, WAITING
from shared.clock import Clock
from shared.errors import Unavailable
from shared.runtime.parcels import UnknownKey
from shared.runtime.waiting import Backoff, wait_for

log = structlog.get_logger(__name__)

CONNECTIONS: Final = 4
POLL_S: Final = 1.0
"""How often one of them looks for letters that are due: those of before, and those of other processes."""
MEASURE_S: Final = 10.0
"""How often the letters without an outcome are counted."""
SHUTDOWN_S: Final = 10.0
"""For the letters in progress, when the process stops."""
KEPT_S: Final = 3.0
"""At least, for what became of them: a letter whose result is not kept is sent again."""
UNAVAILABLE_BACKOFF: Final = Backoff((1.0, 2.0, 4.0, 8.0, 16.0, 30.0))
POSTPONE_AFTER_BUG: Final = timedelta(minutes=1)
"""When a letter that met a bug of ours is looked at again, or one whose bytes need a key that is not there."""

Deliver = Callable[[Letter, MailConnection, bytes | None], Awaitable[Delivered]]
"""Does what is possible now for a letter, with the bytes of one that was just written. Raises `Unavailable`."""
Finish = Callable[[Letter, Ended], Awaitable[None]]
"""Keeps what became of a letter. Raises `Unavailable`."""


class MailDispatcher:
    """Delivers what is due until stopped. While something is away it waits, and that costs no letter an attempt."""

    def __init__(
        self,
        letters: Letters,
        deliver: Deliver,
        finish: Finish,
        *,
        new_connection: Callable[[], MailConnection],
        new_letters: NewLetters,
        now: Clock,
        count_without_key: Callable[[int], None],
        backoff: Backoff = UNAVAILABLE_BACKOFF,
    ) -> None:
        self._letters = letters
        self._deliver = deliver
        self._finish = finish
        self._new_connection = new_connection
        self._new_letters = new_letters
        self._now = now
        self._count_without_key = count_without_key
        self._without_key: dict[str, datetime] = {}
        """Letters whose key was not there, and when that was."""
        self._backoff = backoff
        self._tracer = trace.get_tracer(__name__)
        self._in_progress: set[str] = set()
        self._beside = Beside()
        self._is_refused = False
        self._look_at = 0.0
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
            until = asyncio.get_running_loop().time() + SHUTDOWN_S
            _, late = await asyncio.wait(tasks, timeout=SHUTDOWN_S)
            for task in late:
                task.cancel()
            await self._beside.ended(max(KEPT_S, until - asyncio.get_running_loop().time()))

    async def deliver_due(self, connection: MailConnection) -> None:
        """Send until nothing is due that this process has not in hand, or a new letter waits. Raises `Unavailable`."""
        while not self._stopping.is_set():
            letter = await self._letters.next_due(self._now(), self._in_progress | self._new_letters.ids)
            if letter is None:
                return
            if letter.id in self._in_progress:
                # Another connection looked at the same moment and was quicker.
                continue
            # Where one is due there may be more: the next connection helps.
            self._look_at = 0.0
            self._new_letters.wake()
            await self._deliver_or_postpone(letter, connection)
            if self._new_letters.ids:
                # In turn: while many are due, those that were just written would never leave.
                return

    async def _deliver_or_postpone(self, letter: Letter, connection: MailConnection, new: Pieces | None = None) -> None:
        """*new*: of a letter that this process has just written; empty when there was no room for it in memory."""
        self._in_progress.add(letter.id)
        turn = Turn(connection)
        delivering = asyncio.ensure_future(self._deliver_in_span(letter, turn, new))
        try:
            await asyncio.wait((delivering, turn.over), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            delivering.cancel()
            self._beside.add(delivering)
            raise
        if turn.over.done():
            # Now: the next letter may be refused before this one's result is kept.
            self._note_refusal(is_refused=False)
        if delivering.done():
            delivering.result()
        else:
            self._beside.add(delivering)

    async def _deliver_in_span(self, letter: Letter, turn: Turn, new: Pieces | None) -> None:
        with delivery_span(self._tracer, letter, self._now()):
            await self._deliver_in_hand(letter, turn, new)

    async def _deliver_in_hand(self, letter: Letter, turn: Turn, new: Pieces | None) -> None:
        end: Ended | None = None
        try:
            async with self._postponed_when_it_fails(letter):
                content = None if new is None else joined(new) or await self._letters.content(letter.id)
                delivered = await self._deliver(letter, turn, content)
                self._note_key(letter)
                end = delivered.end
                if delivered.has_answered and not turn.over.done():
                    self._note_refusal(is_refused=False)
        finally:
            if end is None:
                self._in_progress.discard(letter.id)
            else:
                self._beside.add(asyncio.ensure_future(self._finish_or_leave(letter, end)))

    async def _finish_or_leave(self, letter: Letter, end: Ended) -> None:
        try:
            async with self._postponed_when_it_fails(letter):
                await self._finish(letter, end)
        finally:
            self._in_progress.discard(letter.id)

    @asynccontextmanager
    async def _postponed_when_it_fails(self, letter: Letter) -> AsyncIterator[None]:
        """A bug that shows with one letter, or a key that only one needs, must not delay the others."""
        try:
            yield
        except Unavailable:
            raise
        except UnknownKey as error:
            self._note_key(letter, missing=error.key)
            await self._letters.postpone(letter, self._now() + POSTPONE_AFTER_BUG)
        except Exception as error:
            log.exception("letter set aside", letter_id=letter.id, kind=letter.kind, error=type(error).__name__)
            await self._letters.postpone(letter, self._now() + POSTPONE_AFTER_BUG)

    async def _deliver_until_stopped(self) -> None:
        connection, failures = self._new_connection(), 0
        try:
            while not self._stopping.is_set():
                if await self._try_to_deliver(connection, failures):
                    if failures:
                        WAITING.dec()
                    failures = 0
                else:
                    if not failures:
                        WAITING.inc()
                    # A new letter does not end this wait: the mail server or the ledger is still away.
                    await wait_for(self._stopping, self._backoff.after(failures))
                    failures += 1
        finally:
            await connection.close()

    async def _deliver_next(self, connection: MailConnection) -> None:
        """Deliver a new letter; or, when it is time for somebody to look, what is due."""
        loop = asyncio.get_running_loop()
        if loop.time() >= self._look_at:
            self._look_at = loop.time() + POLL_S
            await self.deliver_due(connection)
        new = await self._new_letters.next(max(0.0, self._look_at - loop.time()))
        if new and not self._stopping.is_set():
            await self._deliver_or_postpone(new[0], connection, new[1])

    async def _try_to_deliver(self, connection: MailConnection, failures: int) -> bool:
        try:
            await self._deliver_next(connection)
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
        # Nothing was delivered, so it is still time to look.
        self._look_at = 0.0
        return False

    def _note_refusal(self, *, is_refused: bool) -> None:
        self._is_refused = is_refused
        REFUSED.set(is_refused)

    async def _measure(self) -> None:
        while not self._stopping.is_set():
            with suppress(Unavailable):
                PENDING.set(await self._letters.pending())
            self._forget_what_others_met()
            await wait_for(self._stopping, MEASURE_S)

    def _note_key(self, letter: Letter, missing: str | None = None) -> None:
        """*missing*: the id of the key that is not there."""
        if missing is None:
            self._without_key.pop(letter.id, None)
        else:
            if letter.id not in self._without_key:
                log.error("letter waits for a key", reason=f"no {missing}", letter_id=letter.id, kind=letter.kind)
            self._without_key[letter.id] = self._now()
        self._count_without_key(len(self._without_key))

    def _forget_what_others_met(self) -> None:
        """Another process may have met it last, and sent it."""
        since = self._now() - 2 * POSTPONE_AFTER_BUG
        self._without_key = {letter: at for letter, at in self._without_key.items() if at > since}
        self._count_without_key(len(self._without_key))
