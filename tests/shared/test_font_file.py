"""Our reader of fonts says the same as fontTools, which reads everything of them."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from shared.font_file import read_font
from shared.products.documents import FONTS


@pytest.mark.parametrize("path", sorted(FONTS.glob("*.ttf")), ids=lambda path: path.stem)
def test_each_character_of_each_font_has_its_width(path: Path) -> None:
    with TTFont(path, lazy=True) as font:
        em, metrics = font["head"].unitsPerEm, font["hmtx"].metrics
        expected = {code: metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}

    assert read_font(path).widths_em == expected


@pytest.mark.parametrize("path", sorted(FONTS.glob("*.ttf")), ids=lambda path: path.stem)
def test_each_font_says_which_ideographs_a_selector_changes(path: Path) -> None:
    with TTFont(path, lazy=True) as font:
        listed = [table.uvsDict for table in font["cmap"].tables if table.format == 14]
    expected = {selector: {code for code, _ in pairs} for lists in listed for selector, pairs in lists.items()}

    assert read_font(path).variants == expected


@pytest.mark.parametrize("path", sorted(FONTS.glob("*.ttf")), ids=lambda path: path.stem)
def test_fonts_of_a_family_are_called_by_it(path: Path) -> None:
    """`read_glyphs` takes all files of one family together."""
    with TTFont(path, lazy=True) as font:
        family = font["name"].getBestFamilyName().replace(" ", "")

    assert path.stem.partition("_")[0] == family
