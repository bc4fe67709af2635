"""Letters that this process has just written, on their way to a connection: nothing need look for them."""

import asyncio
from typing import Final

from services.notify.domain.letter import Letter
from services.notify.domain.pieces import Pieces, SharedPiece

MOST_NEW: Final = 1_000
"""New letters that wait in memory for a connection."""
MOST_BYTES: Final = 8_000_000
"""Of their content. That of the others is read again when it is their turn."""


class NewLetters:
    """A queue with an end: whatever does not fit is found when somebody looks, which takes four commands more."""

    def __init__(self, most: int = MOST_NEW, most_bytes: int = MOST_BYTES) -> None:
        self._new: asyncio.Queue[tuple[Letter, Pieces] | None] = asyncio.Queue(most)
        self._room = most_bytes
        self.ids: set[str] = set()
        """Of those that no connection has taken yet."""

    def hand_over(self, letter: Letter, content: Pieces) -> None:
        """To the first connection that is free. If too many wait, it is found when somebody looks."""
        if self._new.full():
            return
        size = _own_bytes(content)
        if size <= self._room:
            self._room -= size
            self._new.put_nowait((letter, content))
        else:
            self._new.put_nowait((letter, ()))
        self.ids.add(letter.id)

    def wake(self) -> None:
        """Wake one connection that waits for a letter, so that it looks for those that are due."""
        if self._new.empty():
            self._new.put_nowait(None)

    async def next(self, at_most_s: float) -> tuple[Letter, Pieces] | None:
        """A new letter, without pieces if there was no room for them.

        None when there is none within *at_most_s* seconds, or `wake` was called.
        """
        try:
            async with asyncio.timeout(at_most_s):
                new = await self._new.get()
        except TimeoutError:
            return None
        if new:
            letter, content = new
            self.ids.discard(letter.id)
            self._room += _own_bytes(content)
        return new


def _own_bytes(content: Pieces) -> int:
    """Without what letters share: of a receipt with its brochures 4 kB, of a quote 100 kB."""
    own = (piece for piece in content if not isinstance(piece, SharedPiece))
    return sum(len(piece if isinstance(piece, bytes) else piece.content) for piece in own)
