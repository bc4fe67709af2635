"""Content in pieces, each packed by zlib where that makes it smaller. Most of all there is are PDFs, packed already.

To pack those once more would take four fifths of the time of a backup.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Final

from shared.errors import Invalid

PIECE: Final = 2**20
_LENGTH: Final = 4
_SAMPLE: Final = 2**15
_WORTH_IT: Final = 0.9
_PACKED, _AS_IT_IS = b"z", b"-"
_LEVEL: Final = 1
"""Parcels are random bytes in base64: a higher level costs three times as much and gains a hundredth."""


class Packer:
    """Gives *write* what it is given, in pieces."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._waiting = bytearray()

    def put(self, content: bytes) -> None:
        """Add *content*."""
        self._waiting += content
        while len(self._waiting) >= PIECE:
            self._give(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]

    def finish(self) -> None:
        """Give what waits."""
        self._give(bytes(self._waiting))

    def _give(self, piece: bytes) -> None:
        # From its middle: a piece may begin with small documents, before the first large one.
        sample = piece[len(piece) // 2 :][:_SAMPLE]
        is_worth_it = len(zlib.compress(sample, _LEVEL)) < _WORTH_IT * len(sample)
        kind, content = (_PACKED, zlib.compress(piece, _LEVEL)) if is_worth_it else (_AS_IT_IS, piece)
        self._write(kind + len(content).to_bytes(_LENGTH, "little") + content)


def unpacked(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """What a `Packer` was given, from all that it gave. Raises `Invalid` (broken-backup)."""
    buffer = bytearray()
    while True:
        while len(buffer) <= _LENGTH or len(buffer) < _end(buffer):
            block = next(blocks, None)
            if block is None:
                if buffer:
                    raise Invalid("broken-backup")
                return
            buffer += block
        end = _end(buffer)
        yield _plain(bytes(buffer[:1]), bytes(buffer[1 + _LENGTH : end]))
        del buffer[:end]


def _end(buffer: bytearray) -> int:
    return 1 + _LENGTH + int.from_bytes(buffer[1 : 1 + _LENGTH], "little")


def _plain(kind: bytes, content: bytes) -> bytes:
    if kind == _AS_IT_IS:
        return content
    unpacking = zlib.decompressobj()
    try:
        # No more than a piece: a small one must not become gigabytes.
        plain = unpacking.decompress(content, PIECE)
    except zlib.error:
        raise Invalid("broken-backup") from None
    if kind != _PACKED or not unpacking.eof:
        raise Invalid("broken-backup")
    return plain
