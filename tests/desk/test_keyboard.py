"""The most frequent work with the keyboard alone: the keys of the desk need far fewer presses than tabbing."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.desk.desk import Desk
from tests.desk.stops_of_cases import just_released
from tests.desk.stops_of_lists import some_cases
from tests.journeys.staff import NOTE, SEARCH, TAKE
from tests.judges.window import a_window
from tests.services.dashboard.builders import REQUEST

MOST_OF_TABBING: Final = 0.6
_MOST_STOPS: Final = 200
"""Of the Tab key on one page."""
_CASE: Final = f"/cases/{REQUEST}"
_LIST: Final = "/?tab=all"
_BACK: Final = ".back a"
_FOLDED_NOTE: Final = "#note > summary"
_TAKE_BACK: Final = "[data-take-back]"


def _row(number: int) -> str:
    return f".list tbody tr:nth-of-type({number}) a.code"


@dataclass(frozen=True, slots=True)
class Errand:
    """From *start*, by *keys*; or by tabbing to each of `stops` and pressing Enter, at the last unless `is_there`.

    `done`: what there is at the end; it has the focus if `is_there`. What is typed is the same both ways, and is not
    counted.
    """

    name: str
    start: str
    keys: Sequence[str]
    stops: Sequence[str]
    done: str
    is_there: bool = False


ERRANDS: Final = (
    Errand("open the newest case", _LIST, "jo", [_row(1)], "h1 .code"),
    Errand("open the third case", _LIST, "jjjo", [_row(3)], "h1 .code"),
    Errand("open the sixth case", _LIST, "jjjjjjo", [_row(6)], "h1 .code"),
    Errand("search in the list", _LIST, "/", [SEARCH], SEARCH, is_there=True),
    Errand("search when the telephone rings during a case", _CASE, "/", [_BACK, SEARCH], SEARCH, is_there=True),
    Errand("take a case", _CASE, ["a", "Enter"], [TAKE], f"main:not(:has({TAKE}))"),
    Errand("begin a note", _CASE, "n", [_FOLDED_NOTE, NOTE], NOTE, is_there=True),
    Errand("take back what was just decided", "", "z", [_TAKE_BACK], f"main:not(:has({_TAKE_BACK}))"),
    Errand(
        "take the newest case of the list", _LIST, ["j", "o", "a", "Enter"], [_row(1), TAKE], f"main:not(:has({TAKE}))"
    ),
    Errand("begin a note on the newest case", _LIST, "jon", [_row(1), _FOLDED_NOTE, NOTE], NOTE, is_there=True),
)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with a_window(browser) as found:
        yield found


def begin(desk: Desk, page: Page, errand: Errand) -> None:
    page.goto("about:blank")
    desk.begin()
    start = errand.start or just_released(desk)
    if errand.start:
        desk.know(*some_cases())
    desk.log_in()
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": value, "url": desk.url} for name, value in desk.cookies.items()])
    page.goto(f"{desk.url}{start}")


def is_done(page: Page, errand: Errand) -> None:
    """It is there, or comes with the page that follows."""
    page.locator(f"{errand.done}:focus" if errand.is_there else errand.done).first.wait_for()


def by_keys(page: Page, errand: Errand) -> int:
    """How many presses it takes."""
    for key in errand.keys:
        leads_on = page.expect_navigation() if key == "o" else nullcontext()
        with leads_on:
            page.keyboard.press(key)
    is_done(page, errand)
    return len(errand.keys)


def by_tabbing(page: Page, errand: Errand) -> int:
    """How many presses it takes."""
    presses = 0
    for stop in errand.stops:
        while not page.locator(f"{stop}:focus").count():
            page.keyboard.press("Tab")
            presses += 1
            assert presses < _MOST_STOPS, stop
        if stop == errand.stops[-1] and errand.is_there:
            break
        leads_away = "summary" not in stop
        if leads_away:
            with page.expect_navigation():
                page.keyboard.press("Enter")
        else:
            page.keyboard.press("Enter")
        presses += 1
    is_done(page, errand)
    return presses


@pytest.mark.parametrize("errand", ERRANDS, ids=lambda errand: errand.name)
def test_what_is_done_most_takes_three_fifths_of_the_presses_at_most(desk: Desk, page: Page, errand: Errand) -> None:
    begin(desk, page, errand)
    keys = by_keys(page, errand)
    begin(desk, page, errand)
    tabbing = by_tabbing(page, errand)

    assert keys <= MOST_OF_TABBING * tabbing, (keys, tabbing)
