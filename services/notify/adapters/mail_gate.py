"""A gate before the mail server, for all connections of this process: a pace that the server allows, and a rest for it.

A server that is away is not asked more often than its backoff says (`entrypoints/worker.py`). One that answers, and
refuses every letter for now, would be asked once for each letter that waits, as fast as it can refuse: it counts that
against us. Here nobody loses an attempt: the gate is before the claim.

Only what is the server's own trouble counts. A recipient that is refused for now says nothing of it: forty mistyped
domains, which Postfix answers with 450 for three days, would make every other letter wait behind them.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from services.notify.domain.letter import Letter
from services.notify.domain.replies import Reply
from services.notify.ports import ConnectionLost, MailConnection, Pause
from shared.errors import Unavailable
from shared.runtime.waiting import Backoff

log = structlog.get_logger(__name__)

REFUSALS: Final = 10
"""So many in a row, with none between them that the server has judged, are trouble of its own."""
RESTS: Final = Backoff((30.0, 60.0, 120.0))
"""After each rest one letter goes first, and the others follow once the server has judged it."""
_CLOSING: Final = 421
_NOT_NOW: Final = 4
_LEAST_REFUSAL: Final = 400


class MailGate:
    """Opens for one letter at a time, *per_minute* at most (None: as many as come), and rests after many refusals."""

    def __init__(
        self, per_minute: int | None, seconds: Callable[[], float] = time.monotonic, pause: Pause = asyncio.sleep
    ) -> None:
        self._interval = 60 / per_minute if per_minute else 0.0
        self._seconds = seconds
        self._pause = pause
        self._next_at = 0.0
        self._refusals = 0
        self._rests = 0
        self._rests_until = 0.0
        self._is_tried = False
        """Whether one letter goes first."""

    async def passed(self) -> None:
        """Wait until it is this letter's turn. Raises `Unavailable` while the server rests."""
        if self._rests:
            if self._seconds() < self._rests_until:
                raise Unavailable("smtp refuses every letter for now")
            # If nothing is heard of this one, another goes first after the same time.
            self._is_tried = True
            self._rests_until = self._seconds() + RESTS.after(self._rests - 1)
        if self._interval:
            now = self._seconds()
            at = max(self._next_at, now)
            self._next_at = at + self._interval
            await self._pause(at - now)

    def judged(self) -> None:
        """The server took a letter, or refused it for what it is: it works."""
        self._refusals = self._rests = 0
        self._is_tried = False

    def refused(self) -> None:
        """The server takes no letter now, or broke off."""
        self._refusals += 1
        # Letters that were on their way when the rest began say nothing new.
        is_news = self._is_tried if self._rests else self._refusals >= REFUSALS
        if is_news:
            rest_s = RESTS.after(self._rests)
            self._rests, self._refusals = self._rests + 1, 0
            self._is_tried = False
            self._rests_until = self._seconds() + rest_s
            log.warning("mail server refuses every letter", wait_s=rest_s)


@dataclass(frozen=True, slots=True)
class GatedConnection:
    """`MailConnection` that passes the gate before each letter, and tells it what the server says."""

    connection: MailConnection
    gate: MailGate

    async def ensure_ready(self) -> None:
        """After the gate."""
        await self.gate.passed()
        await self.connection.ensure_ready()

    async def send_envelope(self, letter: Letter, size: int) -> Reply:
        """Where the content is asked for, nothing is told yet."""
        try:
            reply = await self.connection.send_envelope(letter, size)
        except ConnectionLost:
            self.gate.refused()
            raise
        if reply.code >= _LEAST_REFUSAL:
            self._tell(reply)
        return reply

    async def send_content(self, content: bytes) -> Reply:
        """Told either way."""
        try:
            reply = await self.connection.send_content(content)
        except ConnectionLost:
            self.gate.refused()
            raise
        self._tell(reply)
        return reply

    def _tell(self, reply: Reply) -> None:
        is_of_server = reply.code == _CLOSING or (reply.code // 100 == _NOT_NOW and reply.command != "RCPT")
        if is_of_server:
            self.gate.refused()
        else:
            self.gate.judged()

    async def close(self) -> None:
        """As it is."""
        await self.connection.close()
