"""How letters look: in a real browser, on a phone, on a desk and in the dark, and to whoever hears them read out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from services.notify.domain.letter_html import letter_html
from services.notify.domain.mail_header import one_line
from tests.journeys.browser import a_browser
from tests.judges.look import bring_axe, look, narrow, violations, widen
from tests.judges.nu import complaints
from tests.judges.window import a_window
from tests.local.fakes import every_letter

_OF_A_SITE: Final = ("landmark-one-main:", "page-has-heading-one:", "region:")
"""Rules for whole sites: a mail is shown within a mail program's page, whose heading is the subject."""
_ENOUGH: Final = 4.5
"""Contrast of text (WCAG 1.4.3)."""

HTML: Final = {
    name: letter_html(one_line(letter.email.subject), letter.email.text, letter.email.links)
    for name, letter in every_letter().items()
}
each_letter = pytest.mark.parametrize("name", HTML)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as found:
        yield found


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with a_window(browser) as found:
        bring_axe(found)
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("letters")
    for name, html in HTML.items():
        (folder / f"{name}.html").write_text(html, "utf-8")
    return folder


@each_letter
def test_nobody_scrolls_sideways_or_misses_a_word_wide_narrow_or_in_the_dark(
    page: Page, folder: Path, name: str
) -> None:
    """At 320 px, also with a name or an address of any length; and accessible as far as axe-core can tell."""
    page.goto((folder / f"{name}.html").as_uri())

    widen(page)
    on_a_desk = [*look(page, "sticks_out"), *violations(page), *violations(page, "dark")]
    narrow(page)
    on_a_phone = [*look(page, "sticks_out"), *violations(page), *violations(page, "dark")]

    assert [wrong for wrong in (*on_a_desk, *on_a_phone) if not wrong.startswith(_OF_A_SITE)] == []


def test_the_html_is_valid(tmp_path: Path) -> None:
    """All of the standard: nothing of what Outlook shows needs what is obsolete."""
    pages = {name.replace(" ", "-"): html for name, html in HTML.items()}

    found = {wrong for complaints_of_one in complaints(pages, tmp_path).values() for wrong in complaints_of_one}
    assert [wrong for wrong in found if "computed heading level of 1" not in wrong] == []


@pytest.mark.parametrize("is_inverted", [False, True], ids=["as they are", "inverted"])
def test_the_colours_can_be_read_also_where_a_mail_program_inverts_them(*, is_inverted: bool) -> None:
    """Gmail and Outlook turn the colours of a mail round in the dark, and ignore what the mail itself says."""
    html = HTML["sample desk"]
    [ground] = re.findall(r"<body [^>]*background-color:#(\w{6});", html)
    texts = {*re.findall(r"<body [^>]*[;]color:#(\w{6})", html), *re.findall(r'<a [^>]*"color:#(\w{6})', html)}

    assert len(texts) == 2
    assert all(contrast(text, ground, is_inverted=is_inverted) >= _ENOUGH for text in texts)


def contrast(one: str, other: str, *, is_inverted: bool) -> float:
    """Of two colours in hexadecimal digits, by WCAG 2."""
    lighter, darker = sorted((luminance(colour, is_inverted=is_inverted) for colour in (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str, *, is_inverted: bool) -> float:
    parts = [value / 255 for value in bytes.fromhex(colour)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in ([1 - part for part in parts] if is_inverted else parts)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
