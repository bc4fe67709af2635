"""Drafts of tariffs: the shipped one, with a few texts replaced, and golden cases beside it."""

from pathlib import Path
from typing import Final

from pricing.actuary.tariff_file import TariffFile, load_tariff_file
from tests.pricing.builders import PRODUCT, TARIFF

SHIPPED: Final = load_tariff_file(TARIFF.id, PRODUCT)
NAME: Final = SHIPPED.source.path.name


def replaced(text: str, *edits: tuple[str, str]) -> str:
    """*text* in which each first text is the second; the first must be there, once."""
    for before, after in edits:
        assert text.count(before) == 1, f"{before!r} is there {text.count(before)} times"
        text = text.replace(before, after)
    return text


def draft(folder: Path, *edits: tuple[str, str]) -> Path:
    """A file with the shipped tariff, edited, in a folder of its own."""
    path = folder / NAME
    path.write_text(replaced(SHIPPED.source.text, *edits), "utf-8")
    return path


def draft_file(folder: Path, *edits: tuple[str, str]) -> TariffFile:
    """The same, loaded."""
    return load_tariff_file(str(draft(folder, *edits)), PRODUCT)


def golden_beside_draft(folder: Path, *edits: tuple[str, str]) -> Path:
    """A file with the shipped golden cases, edited, where those of a draft in *folder* are."""
    path = folder / "golden" / NAME
    path.parent.mkdir()
    path.write_text(replaced(SHIPPED.golden_path.read_text("utf-8"), *edits), "utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    """The line of *path* that holds *text*, which is there once."""
    (line,) = (number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)
    return line
