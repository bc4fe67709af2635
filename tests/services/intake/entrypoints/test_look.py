"""The form's look: light to fetch, all our own, and legible in either scheme."""

import gzip
import re
from hashlib import sha256
from pathlib import Path
from typing import Final

import httpx
import pytest

from services.intake.entrypoints.web.html import STATIC
from tests.services.intake.browser import FORM, fill
from tests.services.intake.builders import IT, answers

TOKENS: Final = STATIC / "vendor/dads/tokens.css"
SHEET: Final = STATIC / "form.css"
TEMPLATES: Final = STATIC.parent / "templates"
TEXT: Final = (
    *(("ink", ground) for ground in ("paper", "panel", "accent-panel", "bad-panel", "warn-panel")),
    *(("soft", ground) for ground in ("paper", "panel", "accent-panel", "bad-panel", "warn-panel")),
    *(("link", ground) for ground in ("paper", "panel", "accent-panel", "bad-panel", "warn-panel")),
    *(("bad", ground) for ground in ("paper", "panel", "bad-panel")),
    *(("accent-ink", ground) for ground in ("accent", "accent-over")),
    ("good", "paper"),
)
LINES: Final = (
    *(("line", ground) for ground in ("paper", "panel", "accent-panel")),
    *(("accent", ground) for ground in ("paper", "panel", "accent-panel")),
    *(("focus", ground) for ground in ("paper", "panel", "accent-panel", "bad-panel", "warn-panel")),
    *(("bad", ground) for ground in ("paper", "bad-panel")),
    *(("warn", ground) for ground in ("paper", "warn-panel")),
    ("good", "paper"),
)


def properties(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", css))


def scheme(name: str) -> dict[str, str]:
    """The custom properties as a browser in that scheme has them."""
    light, dark = re.findall(r"^ *:root \{([^}]*)\}", SHEET.read_text(), re.MULTILINE)
    found = properties(TOKENS.read_text()) | properties(light)
    return found | properties(dark) if name == "dark" else found


def luminance(colour: str, known: dict[str, str]) -> float:
    while named := re.fullmatch(r"var\(--([\w-]+)\)", colour):
        colour = known[named[1]]
    assert re.fullmatch(r"#[0-9a-f]{6}", colour), colour
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(name: str, front: str, ground: str) -> float:
    known = scheme(name)
    darker, lighter = sorted(luminance(f"var(--{colour})", known) for colour in (front, ground))
    return (lighter + 0.05) / (darker + 0.05)


def packed(content: bytes) -> int:
    return len(gzip.compress(content))


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(name: str) -> None:
    """WCAG 1.4.3."""
    assert {pair: found for pair in TEXT if (found := contrast(name, *pair)) < 4.5} == {}


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_border_that_tells_something_stands_out_from_its_ground(name: str) -> None:
    """WCAG 1.4.11."""
    assert {pair: found for pair in LINES if (found := contrast(name, *pair)) < 3} == {}


def test_every_property_that_the_look_uses_is_known() -> None:
    """A browser drops a misspelt one without a word."""
    used = set(re.findall(r"var\(--([\w-]+)\)", SHEET.read_text()))

    assert used - scheme("light").keys() == set()


def test_the_design_systems_tokens_are_as_they_were_published() -> None:
    readme = (TOKENS.parent / "README.md").read_text()

    assert f"`{sha256(TOKENS.read_bytes()).hexdigest()}`" in readme
    assert "MIT License" in (TOKENS.parent / "LICENSE").read_text()


def test_the_whole_look_weighs_at_most_14_kilobytes() -> None:
    assert sum(packed(path.read_bytes()) for path in STATIC.rglob("*.css")) <= 14 * 1024


@pytest.mark.parametrize("path", sorted((*STATIC.rglob("*.css"), *STATIC.rglob("*.svg"), *TEMPLATES.glob("*.html"))))
def test_nothing_comes_from_elsewhere_or_past_the_sheet(path: Path) -> None:
    """One sheet that imports another is fetched late; a style inside a page is forbidden by our own header."""
    found = re.findall(r"@import|@font-face|url\(|<style|\sstyle=|<(?:img|script|link)[^>]*=.https?:", path.read_text())

    assert found == []


@pytest.mark.anyio
async def test_a_page_takes_at_most_six_requests_and_50_kilobytes(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start")
    passed = await fill(client, answers(**IT, rider_it="yes"))

    for slug in ("", *passed, "confirm"):
        page = await client.get(f"{FORM}{slug}")
        assert page.status_code == 200
        files = re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]+)"', page.text)
        replies = [page, *[await client.get(file) for file in files]]
        assert {reply.status_code for reply in replies} == {200}
        assert len(replies) <= 6
        assert sum(packed(reply.content) for reply in replies) <= 50 * 1024
