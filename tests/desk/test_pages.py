"""Every page of the dashboard, in every state, held to the needs of those who see or press with difficulty."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.desk.guide import Guide
from tests.desk.stops import Stop
from tests.desk.stops_of_cases import CASES
from tests.desk.stops_of_lists import BULK, LISTS, MORE, POST
from tests.desk.stops_of_staff import STAFF
from tests.judges.inspection import Inspector
from tests.judges.nu import complaints
from tests.judges.window import a_window
from tests.services.dashboard.entrypoints.test_access import routes

STOPS: Final[tuple[Stop, ...]] = (*LISTS, *BULK, *POST, *MORE, *CASES, *STAFF)
WIDTHS: Final = (768, 1024)
NOT_PAGES: Final = {
    "GET /events",
    "GET /cases/{request_id}/events",
    "GET /cases/{request_id}/letters/{letter_id}",
    "GET /export/cases.{kind}",
    "GET /export/figures/{name}.{kind}",
    "GET /export/visits.{kind}",
    "GET /favicon.ico",
    "GET /robots.txt",
    "GET /static",
}
"""Streams and files."""

_ON_PURPOSE: Final = re.compile(r"role is unnecessary for element|“role” attribute must not be used on a “t[rdh]”")
"""Tables say their roles, which some browsers forget when a row is shown as a card."""

at_every_stop = pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)


@pytest.fixture(scope="module")
def inspect(guide: Guide, browser: Browser) -> Iterator[Inspector[Stop]]:
    with a_window(browser) as page:
        yield Inspector(page, guide.bring, guide.desk.url, widths=WIDTHS)


def test_every_page_has_a_stop() -> None:
    """Red? Give the new page its states, in one of the files `stops_of_….py`."""
    pages = {route for route in routes() if route.startswith("GET ") and "/api/" not in route} - NOT_PAGES

    assert pages - {stop.route for stop in STOPS} == set()


def test_every_stop_has_a_name_of_its_own() -> None:
    assert len({stop.name for stop in STOPS}) == len(STOPS)


@at_every_stop
def test_a_page_is_accessible_wide_and_narrow_and_in_every_colour(inspect: Inspector[Stop], stop: Stop) -> None:
    """WCAG 2.2 A and AA and best practice, as far as axe-core can tell."""
    assert {where: wrong for where, wrong in inspect(stop).inaccessible.items() if wrong} == {}


@at_every_stop
def test_nobody_has_to_scroll_sideways(inspect: Inspector[Stop], stop: Stop) -> None:
    """WCAG 1.4.4 and 1.4.10."""
    assert {where: wrong for where, wrong in inspect(stop).sticks_out.items() if wrong} == {}


@pytest.mark.parametrize("name", ["accounts", "programs"])
def test_on_a_desk_no_column_of_a_wide_table_is_cut_off(guide: Guide, browser: Browser, name: str) -> None:
    """Such a table scrolls in itself, which nobody notices who sees no bar: what a token may read stood beyond it."""
    with a_window(browser) as page:
        guide.bring(page, next(stop for stop in STOPS if stop.name == name))
        cut_off = page.evaluate("[...document.querySelectorAll('.wide')].map(one => one.scrollWidth - one.clientWidth)")

    assert cut_off
    assert not any(cut_off)


@at_every_stop
def test_spaced_out_text_can_still_be_read(inspect: Inspector[Stop], stop: Stop) -> None:
    """WCAG 1.4.12, on a phone, where there is least room."""
    assert inspect(stop).clipped == []


@at_every_stop
def test_whatever_is_pressed_is_large_enough_for_a_finger(inspect: Inspector[Stop], stop: Stop) -> None:
    """WCAG 2.5.8, and no use is made of its exception for small targets that stand apart."""
    assert inspect(stop).small == []


@at_every_stop
def test_whatever_has_the_focus_shows_it(inspect: Inspector[Stop], stop: Stop) -> None:
    """WCAG 2.4.7."""
    assert inspect(stop).unseen_focus == []


@at_every_stop
def test_no_id_is_there_twice(inspect: Inspector[Stop], stop: Stop) -> None:
    """Also with what scripts add."""
    assert inspect(stop).ids_twice == []


@at_every_stop
def test_the_browser_has_nothing_to_complain_of(inspect: Inspector[Stop], stop: Stop) -> None:
    """Nothing missing or from elsewhere, no error of a script, nothing that the Content-Security-Policy stopped."""
    found = inspect(stop)

    assert (found.console, found.from_elsewhere) == ([], [])


def test_the_html_of_every_page_is_valid(inspect: Inspector[Stop], tmp_path: Path) -> None:
    found = complaints({stop.name: inspect(stop).html for stop in STOPS}, tmp_path)

    wrong = {name: [one for one in told if not _ON_PURPOSE.search(one)] for name, told in found.items()}
    assert {name: told for name, told in wrong.items() if told} == {}
