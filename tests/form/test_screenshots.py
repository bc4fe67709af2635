"""docs/form.md shows customers' pages as they are reached here."""

from pathlib import Path
from typing import Final

from tests.form.stops import STOPS

_DOCS: Final = Path(__file__).parents[2] / "docs"
_PICTURES: Final = {f"{stop.name}-{width}.webp" for stop in STOPS for width in ("desk", "phone")}


def test_every_page_has_its_pictures_and_no_other_is_left() -> None:
    assert {path.name for path in (_DOCS / "images" / "form").iterdir()} == _PICTURES


def test_the_docs_lead_to_every_picture() -> None:
    page = (_DOCS / "form.md").read_text("utf-8")

    assert [name for name in _PICTURES if f"(images/form/{name})" not in page] == []
