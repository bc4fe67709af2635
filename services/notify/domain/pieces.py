"""A letter's bytes in pieces: its own ones, and those that many letters have in common, which are kept once.

A brochure is four fifths of a letter. Kept again with each one, it was nearly all that MongoDB had to write.
"""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_LINE: Final = 76
"""Characters of base64 on a line (RFC 2045, 6.8)."""


@dataclass(frozen=True, slots=True)
class SharedPiece:
    """A piece of many letters, such as a brochure; `sha256` of its bytes names it."""

    content: bytes
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> "SharedPiece":
        """The piece with these bytes."""
        return cls(content, hashlib.sha256(content).hexdigest())


Piece = bytes | SharedPiece
Pieces = Sequence[Piece]


def joined(pieces: Pieces) -> bytes:
    """The bytes that are sent."""
    return b"".join(piece.content if isinstance(piece, SharedPiece) else piece for piece in pieces)


def size(pieces: Pieces) -> int:
    """How many bytes are sent."""
    return sum(len(piece.content if isinstance(piece, SharedPiece) else piece) for piece in pieces)


def pdf_part(filename: str, content: bytes) -> bytes:
    """A PDF as it stands in a mail, under the (ASCII) file name that the reader will see."""
    headers = (
        "Content-Type: application/pdf\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{filename}"\r\n\r\n'
    )
    return headers.encode("ascii") + base64_lines(content)


def base64_lines(content: bytes) -> bytes:
    """*content* in base64, each line with its CRLF. Nothing for nothing."""
    encoded = b64encode(content)
    return b"".join(encoded[start : start + _LINE] + b"\r\n" for start in range(0, len(encoded), _LINE))
