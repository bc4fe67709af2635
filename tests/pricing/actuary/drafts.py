"""Drafts of tariffs: the shipped one, with a few texts replaced."""

from pathlib import Path
from typing import Final

from pricing.actuary.edition import Edition, edition
from tests.pricing.builders import PRODUCT, TARIFF

SHIPPED: Final = edition(TARIFF.id, PRODUCT)
TEXT: Final = SHIPPED.source.text
NAME: Final = SHIPPED.source.path.name


def draft(folder: Path, *edits: tuple[str, str]) -> Path:
    """A file beside no other, in which each first text is the second; the first must be there, once."""
    text = TEXT
    for before, after in edits:
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times"
        text = text.replace(before, after)
    path = folder / NAME
    path.write_text(text, "utf-8")
    return path


def drafted(folder: Path, *edits: tuple[str, str]) -> Edition:
    """The same, as the tools take it."""
    return edition(str(draft(folder, *edits)), PRODUCT)


def line_of(path: Path, text: str) -> int:
    """The line of *path* that holds *text*, which stands there once."""
    (line,) = (number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)
    return line
