"""A window of the browser, on a desk or on a phone, in which pages are judged."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, CDPSession, Page

DESK: Final = 1280
PHONE: Final = 320
HEIGHT: Final = 900


def as_on_a_first_visit(page: Page) -> CDPSession:
    """From now on *page* fetches every file anew; the session that says so, to say more."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return devtools


@contextmanager
def a_window(browser: Browser, *, width: int = DESK, **options: Any) -> Iterator[Page]:  # noqa: ANN401  # Playwright's
    """A new window with nothing remembered, and without motion, which would only have to be waited for."""
    settings = {"viewport": {"width": width, "height": HEIGHT}, "locale": "ja-JP", "reduced_motion": "reduce"}
    context = browser.new_context(**{**settings, **options})
    try:
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page
    finally:
        context.close()
