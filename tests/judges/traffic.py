"""What a page costs: its requests as they go over the wire, and what the browser has to complain of."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

from tests.judges.window import as_on_a_first_visit

_A_STATUS: Final = "Failed to load resource: the server responded with a status of"


@dataclass
class Traffic:
    """Of the page that a window shows: what it fetched, and what the console said."""

    requests: list[Request] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    @property
    def sent_bytes(self) -> dict[str, int]:
        """By address, as sent: bodies as they were compressed, with their headers."""
        sizes = {request.url: request.sizes() for request in self.requests}
        return {url: size["responseBodySize"] + size["responseHeadersSize"] for url, size in sizes.items()}

    def from_elsewhere(self, url: str) -> list[str]:
        """The addresses that do not belong to the site of *url*."""
        own = urlsplit(url).netloc
        return [address for address in self.sent_bytes if urlsplit(address).netloc != own]


def watch(page: Page) -> Traffic:
    """The traffic of whatever *page* shows from now on, each time as for a first visit."""
    traffic = Traffic()

    def started(request: Request) -> None:
        if request.is_navigation_request() and request.frame == page.main_frame:
            traffic.requests.clear()
            traffic.console.clear()

    def heard(message: ConsoleMessage) -> None:
        # A page that comes with 4xx or 5xx, as it should, is told of there too.
        its_own_status = message.text.startswith(_A_STATUS) and message.location["url"] == page.url
        if message.type in {"error", "warning"} and not its_own_status:
            traffic.console.append(message.text)

    as_on_a_first_visit(page)
    page.on("request", started)
    page.on("requestfinished", lambda request: traffic.requests.append(request))  # noqa: PLW0108  # Playwright takes no built-in
    page.on("requestfailed", lambda request: traffic.console.append(f"failed: {request.url}"))
    page.on("console", heard)
    page.on("pageerror", lambda error: traffic.console.append(str(error)))
    return traffic
