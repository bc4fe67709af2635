"""One letter's turn on a connection, which is over when the server has the letter: the next one follows at once.

What became of the letter is kept meanwhile. The next one's token stands behind it in one queue of inserts: while
MongoDB keeps what it is given, a connection is a letter ahead at most (docs/adr/0008-three-insert-mail-attempts.md).
"""

import asyncio
from contextlib import suppress

import structlog

from services.notify.domain.letter import Letter
from services.notify.domain.replies import Reply, outcome_after_content
from services.notify.ports import MailConnection
from shared.errors import Unavailable

log = structlog.get_logger(__name__)


class Turn:
    """`MailConnection` for one letter."""

    def __init__(self, connection: MailConnection) -> None:
        self._connection = connection
        self.over = asyncio.get_running_loop().create_future()

    async def ensure_ready(self) -> None:
        """As the connection. Raises `Unavailable` once the turn is over, too: another letter has the connection."""
        if self.over.done():
            raise Unavailable("turn is over")
        await self._connection.ensure_ready()

    async def send_envelope(self, letter: Letter, size: int) -> Reply:
        """As the connection."""
        return await self._connection.send_envelope(letter, size)

    async def send_content(self, content: bytes) -> Reply:
        """As the connection. If the server takes the letter, its turn is over."""
        reply = await self._connection.send_content(content)
        if outcome_after_content(reply) == "accepted":
            self.over.set_result(None)
        return reply

    async def close(self) -> None:
        """As the connection, while it is this letter's turn."""
        if not self.over.done():
            await self._connection.close()


class Beside:
    """What is left to do for letters whose turn is over."""

    def __init__(self) -> None:
        self._work: set[asyncio.Future[None]] = set()

    def add(self, work: "asyncio.Future[None]") -> None:
        """*work* goes on. Where it raises, the letter is still due, and somebody looks at it again."""
        self._work.add(work)
        work.add_done_callback(self._has_ended)

    async def ended(self, within_s: float) -> None:
        """Return when all has come to its end, and that which follows from it too; at the latest after *within_s*."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._work:
                    await asyncio.wait([*self._work])

    def _has_ended(self, work: "asyncio.Future[None]") -> None:
        self._work.discard(work)
        match None if work.cancelled() else work.exception():
            case None:
                pass
            case Unavailable() as error:
                log.warning("letters wait", reason=str(error))
            case error:
                # Its text may quote a name.
                log.error("letters wait", error=type(error).__name__, exc_info=error)
