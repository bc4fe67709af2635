"""One desk for all these tests, and one browser for each file of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.desk.desk import Desk, a_desk
from tests.desk.guide import Guide
from tests.journeys.browser import a_browser


@pytest.fixture(scope="session")
def desk() -> Iterator[Desk]:
    with a_desk() as found:
        yield found


@pytest.fixture(scope="session")
def guide(desk: Desk) -> Guide:
    return Guide(desk)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for the whole session: while Playwright is open, its thread runs no event loop of anybody else's."""
    with a_browser() as found:
        yield found
