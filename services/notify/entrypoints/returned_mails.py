"""Mails that come back to us are read from a Maildir, where the mail server of the return path delivers them.

A mail stays where it is until everything about it is kept, and moving it is the last step: after a crash it is read
again, and all that was done is safe to repeat. Any number of processes may read the same folder: the one that moves a
mail has read it. A mail that nobody understands is set aside, so that none is read for ever.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from services.notify.usecases.metrics import count_returned
from services.notify.usecases.take_back import Taken
from shared.clock import Clock
from shared.errors import Unavailable
from shared.runtime.waiting import Backoff, wait_for

log = structlog.get_logger(__name__)

POLL_S: Final = 5.0
MOST_A_TURN: Final = 100
KEPT_ASIDE_FOR: Final = timedelta(days=30)
FORGET_S: Final = 3_600.0
"""How often what was set aside long ago is removed, and what could not be read or moved is tried again."""
AWAY_BACKOFF: Final = Backoff((1.0, 2.0, 4.0, 8.0, 16.0, 30.0))
_DONE: Final = frozenset({"bounced", "delayed", "auto-reply"})
"""Nobody need read these: what they say is kept or means nothing, and they quote the letter of a customer."""

Take = Callable[[bytes], Awaitable[Taken]]
"""Acts on a mail. Raises `Unavailable`."""


class ReturnedMails(Protocol):
    """The mails that wait to be read. Every method raises `Unavailable`."""

    async def waiting(self, most: int) -> list[str]:
        """The names of the oldest, at most so many."""
        ...

    async def read(self, name: str) -> bytes | None:
        """The beginning of a mail. None: another process has taken it. Raises `PermissionError` if nobody lets us."""
        ...

    async def remove(self, name: str) -> bool:
        """Remove it for good. False: another process was quicker."""
        ...

    async def set_aside(self, name: str) -> bool:
        """Put it where a person may read it, and nobody else does. False: another process was quicker."""
        ...

    async def forget(self, before: datetime) -> None:
        """Remove what was set aside and arrived before then, and the oldest of too many."""
        ...


class ReturnedMailReader:
    """Reads what waits, every five seconds until stopped."""

    def __init__(
        self, mails: ReturnedMails, take: Take, now: Clock, *, poll_s: float = POLL_S, backoff: Backoff = AWAY_BACKOFF
    ) -> None:
        self._mails = mails
        self._take = take
        self._now = now
        self._poll_s = poll_s
        self._backoff = backoff
        self._stuck: set[str] = set()
        """Mails that could not be read or moved: without this they would be tried every time, and not every hour."""
        self._forget_at = 0.0
        self._stopping = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Read while the block runs; at its end finish the mail in progress."""
        reading = asyncio.ensure_future(self._read_until_stopped())
        try:
            yield
        finally:
            self._stopping.set()
            await reading

    async def read_waiting(self) -> None:
        """Read what waits now, up to a number. Raises `Unavailable`: then what is left still waits."""
        is_hourly = asyncio.get_running_loop().time() >= self._forget_at
        if is_hourly:
            self._stuck.clear()
        names = await self._mails.waiting(MOST_A_TURN + len(self._stuck))
        self._stuck.intersection_update(names)
        for name in names:
            if self._stopping.is_set():
                return
            if name not in self._stuck:
                await self._read(name)
        if is_hourly:
            self._forget_at = asyncio.get_running_loop().time() + FORGET_S
            await self._mails.forget(self._now() - KEPT_ASIDE_FOR)

    async def _read(self, name: str) -> None:
        outcome: str = "unreadable"
        try:
            content = await self._mails.read(name)
            if content is None:
                return
            outcome = await self._take(content)
        except Unavailable:
            raise
        except PermissionError:
            log.error("returned mail may not be read")  # noqa: TRY400  # the text says it all
            self._stuck.add(name)
            return
        except Exception as error:
            # A bug that shows with one mail must not delay the others.
            log.exception("returned mail not understood", error=type(error).__name__)
        try:
            is_ours = await (self._mails.remove(name) if outcome in _DONE else self._mails.set_aside(name))
        except Unavailable as error:
            log.error("returned mail cannot be moved", reason=str(error))  # noqa: TRY400  # the text says it all
            self._stuck.add(name)
            return
        if is_ours:
            count_returned(outcome)
            log.info("returned mail read", outcome=outcome)

    async def _read_until_stopped(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            wait_s = self._poll_s
            try:
                await self.read_waiting()
                failures = 0
            except Exception as error:  # noqa: BLE001  # if this task ended, no bounce would be noticed any more
                reason = str(error) if isinstance(error, Unavailable) else None
                log.warning("returned mails wait", reason=reason, error=type(error).__name__, tries=failures)
                wait_s = self._backoff.after(failures)
                failures += 1
            await wait_for(self._stopping, wait_s)
