"""How a window of the browser comes to a stop of the form."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

from playwright.sync_api import Locator, Page, Response

from tests.form.customer import Customer
from tests.form.site import Site
from tests.form.stops import Stop

_POST: Final = """url => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  document.body.append(form);
  form.submit();
}"""


@dataclass(frozen=True, slots=True)
class Ready:
    """A stop whose ways are paved: the address, and the cookies that it takes."""

    path: str
    cookies: dict[str, str]


@dataclass(frozen=True)
class Guide:
    """Brings windows to stops. What comes before a stop is done once, and serves every window."""

    site: Site
    _ready: dict[str, Ready] = field(default_factory=dict)

    def bring(self, page: Page, stop: Stop) -> Response:
        """Let *page* show *stop*, and nothing else. What the server said."""
        ready = self._prepared(stop)
        # From somewhere else, for an address that differs in its fragment only loads nothing.
        page.goto("about:blank")
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": name, "value": value, "url": self.site.url} for name, value in ready.cookies.items()]
        )
        response = self._arrive(page, stop, urljoin(self.site.url, ready.path))
        assert response.status == stop.status, (stop.name, response.status, page.url)
        assert page.locator(stop.shows).count(), (stop.name, page.url)
        return response

    def _prepared(self, stop: Stop) -> Ready:
        if stop.name not in self._ready:
            with Customer(self.site) as customer:
                self._ready[stop.name] = Ready(stop.prepare(customer), customer.cookies)
        return self._ready[stop.name]

    def _arrive(self, page: Page, stop: Stop, url: str) -> Response:
        if stop.way == "open":
            return _opened(page, url)
        if stop.way.startswith("post"):
            _opened(page, self.site.url) if stop.way == "post" else page.goto("about:blank")
            with page.expect_navigation() as navigation:
                page.evaluate(_POST, url)
            return navigation.value
        _opened(page, url)
        cut = self.site.without_ledger() if stop.way == "press without ledger" else nullcontext()
        with cut, page.expect_navigation() as navigation:
            go_button(page).click()
        return navigation.value


def _opened(page: Page, url: str) -> Response:
    response = page.goto(url)
    assert response is not None
    assert page.url == url, (url, page.url)
    return response


def go_button(page: Page) -> Locator:
    """The button that leads on."""
    marked = page.locator("main [data-go]")
    return marked if marked.count() else page.locator("main form button:not([name], [type=button])").last
