"""A letter's bytes in pieces, so that as little as possible is kept of each letter.

A piece that many letters have in common, such as a brochure, is kept once. What is sent in base64 is kept as it was
before: base64 is a third more, and hides from MongoDB's compression what could be compressed.
"""

import hashlib
from base64 import encodebytes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_LINE: Final = 57
"""Bytes that are one line of base64, which has 76 characters (RFC 2045, 6.8)."""


@dataclass(frozen=True, slots=True)
class SharedPiece:
    """A piece of many letters, such as a brochure; `sha256` of its bytes names it."""

    content: bytes
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> "SharedPiece":
        """The piece with these bytes."""
        return cls(content, hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, slots=True)
class Base64Piece:
    """A piece that is sent as the `base64_lines` of these bytes: the same ones at every attempt."""

    content: bytes


Piece = bytes | SharedPiece | Base64Piece
Pieces = Sequence[Piece]


def joined(pieces: Pieces) -> bytes:
    """The bytes that are sent."""
    return b"".join(map(sent, pieces))


def sent(piece: Piece) -> bytes:
    """The bytes of *piece* that are sent."""
    match piece:
        case SharedPiece(content):
            return content
        case Base64Piece(content):
            return base64_lines(content)
        case _:
            return piece


def size(pieces: Pieces) -> int:
    """How many bytes are sent, or a little more."""
    return sum(
        -(-len(piece.content) // _LINE) * 78 if isinstance(piece, Base64Piece) else len(sent(piece)) for piece in pieces
    )


def base64_lines(content: bytes) -> bytes:
    """*content* in base64, each line with its CRLF. Nothing for nothing."""
    return encodebytes(content).replace(b"\n", b"\r\n")
