"""Brochures: those that go with a mail as files, and those that a mail would be too big for, which it has links to."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.notify.domain.attachment import FileName
from services.notify.domain.message import MAX_BYTES
from services.notify.domain.pieces import SharedPiece

ENCLOSED_BYTES: Final = MAX_BYTES * 6 // 10
"""Of brochures in a mail: base64 makes four bytes of three, and the text needs room too."""
LINKED_BYTES: Final = 15_000_000
"""Of one that is downloaded: MongoDB keeps a document of at most 16 MiB."""

VERSION_DIGITS: Final = 20
"""80 bits."""


@dataclass(frozen=True, slots=True)
class Brochure:
    """A brochure with the `title` that mails mention it by. `part` is the PDF as it stands in a mail."""

    title: str
    name: FileName
    pdf: SharedPiece
    part: SharedPiece

    @property
    def version(self) -> str:
        """Names these very bytes among all that a product ever has, by the beginning of their SHA-256."""
        return self.pdf.sha256[:VERSION_DIGITS]


@dataclass(frozen=True, slots=True)
class BrochureFile:
    """A brochure that somebody downloads: a file on this machine, and what it is called for them."""

    path: Path
    name: FileName


def divided(brochures: Sequence[Brochure], most_bytes: int) -> tuple[tuple[Brochure, ...], tuple[Brochure, ...]]:
    """Those that go with a mail, and those that it links to; each in their order.

    The smallest go with it, as many as *most_bytes* hold: that makes the fewest links.
    """
    room, enclosed = most_bytes, list[Brochure]()
    for brochure in sorted(brochures, key=lambda one: len(one.pdf.content)):
        room -= len(brochure.pdf.content)
        if room >= 0:
            enclosed.append(brochure)
    return tuple(one for one in brochures if one in enclosed), tuple(one for one in brochures if one not in enclosed)
