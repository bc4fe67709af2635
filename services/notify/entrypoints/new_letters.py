"""Letters that this process has just written, on their way to a connection: nothing need look for them."""

import asyncio
from contextlib import suppress
from typing import Final

from services.notify.domain.pieces import Pieces
from services.notify.ports import Letter

MOST_NEW: Final = 64
"""New letters that wait in memory for a connection, at 200 kB each."""


class NewLetters:
    """A queue with an end: whatever does not fit is found when somebody looks."""

    def __init__(self) -> None:
        self._new: asyncio.Queue[tuple[Letter, Pieces] | None] = asyncio.Queue(MOST_NEW)
        self.ids: set[str] = set()
        """Of those that no connection has taken yet."""

    def hand_over(self, letter: Letter, content: Pieces) -> None:
        """To the first connection that is free. If too many wait, it is found when somebody looks."""
        with suppress(asyncio.QueueFull):
            self._new.put_nowait((letter, content))
            self.ids.add(letter.id)

    def wake(self) -> None:
        """Wake one connection that waits for a letter, so that it looks for those that are due."""
        if self._new.empty():
            self._new.put_nowait(None)

    async def next(self, at_most_s: float) -> tuple[Letter, Pieces] | None:
        """A new letter; None when there is none within *at_most_s* seconds, or `wake` was called."""
        try:
            async with asyncio.timeout(at_most_s):
                new = await self._new.get()
        except TimeoutError:
            return None
        if new:
            self.ids.discard(new[0].id)
        return new
