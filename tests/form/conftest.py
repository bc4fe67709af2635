"""One form for all these tests, and one browser for each file of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.form.guide import Guide
from tests.form.site import Site, a_site
from tests.journeys.browser import a_browser
from tests.judges.window import a_window


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    with a_site() as found:
        yield found


@pytest.fixture(scope="session")
def guide(site: Site) -> Guide:
    return Guide(site)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for the whole session: while Playwright is open, its thread runs no event loop of anybody else's."""
    with a_browser() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with a_window(browser) as found:
        yield found
