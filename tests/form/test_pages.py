"""Every page that a customer may come to see, held to the needs of those who see, press or wait with difficulty."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.form.guide import Guide
from tests.form.stops import STOPS, Stop
from tests.judges.inspection import Inspector
from tests.judges.nu import complaints
from tests.judges.window import a_window

MOST_BYTES = 50_000
MOST_REQUESTS = 6

at_every_stop = pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)


@pytest.fixture(scope="module")
def inspect(guide: Guide, browser: Browser) -> Iterator[Inspector[Stop]]:
    with a_window(browser) as page:
        yield Inspector(page, guide.bring, guide.site.url)


@at_every_stop
def test_a_page_is_accessible_wide_and_narrow_and_in_every_colour(inspect: Inspector[Stop], stop: Stop) -> None:
    """WCAG 2.2 A and AA and best practice, as far as axe-core can tell."""
    assert {where: wrong for where, wrong in inspect(stop).inaccessible.items() if wrong} == {}


@at_every_stop
def test_nobody_has_to_scroll_sideways(inspect: Inspector[Stop], stop: Stop) -> None:
    """WCAG 1.4.4 and 1.4.10: at 320 px, and at 200 % on a desk."""
    assert inspect(stop).sticks_out == {"at 200 %": [], "on a phone": []}


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
def test_a_page_is_light_and_fetches_nothing_from_others(inspect: Inspector[Stop], stop: Stop) -> None:
    found = inspect(stop)

    assert sum(found.sent_bytes.values()) <= MOST_BYTES, found.sent_bytes
    assert len(found.sent_bytes) <= MOST_REQUESTS, found.sent_bytes
    assert found.from_elsewhere == []


@at_every_stop
def test_the_browser_has_nothing_to_complain_of(inspect: Inspector[Stop], stop: Stop) -> None:
    """Nothing missing, no error of a script, nothing that the Content-Security-Policy had to stop."""
    assert inspect(stop).console == []


@at_every_stop
def test_nothing_jumps_about_while_a_page_comes(inspect: Inspector[Stop], stop: Stop) -> None:
    """Cumulative layout shift, as Core Web Vitals define it."""
    assert inspect(stop).shifted == 0


def test_the_html_of_every_page_is_valid(inspect: Inspector[Stop], tmp_path: Path) -> None:
    found = complaints({stop.name: inspect(stop).html for stop in STOPS}, tmp_path)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
