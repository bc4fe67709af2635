"""How a window of the browser comes to a stop of the desk."""

import re
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, Response

from tests.desk.desk import BLANK, Desk
from tests.desk.stops import Sent, Stop

_SEND: Final = """([path, fields]) => {
  const form = document.createElement("form");
  form.method = "post";
  form.action = path;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("textarea");
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}"""


@dataclass(frozen=True)
class Guide:
    """Brings windows to stops, each on a desk where nothing else has happened."""

    desk: Desk

    def bring(self, page: Page, stop: Stop) -> Response:
        """Let *page* show *stop*, and nothing else. What the server said."""
        # From somewhere else: another page of the desk would speak with the next stop's desk.
        page.goto(self.desk.url + BLANK)
        page.context.clear_cookies()
        self.desk.begin()
        wanted = stop.prepare(self.desk)
        if stop.who and not self.desk.cookies:
            self.desk.log_in(stop.who)
        page.context.add_cookies(
            [{"name": name, "value": value, "url": self.desk.url} for name, value in self.desk.cookies.items()]
        )
        response = self._send(page, wanted) if isinstance(wanted, Sent) else page.goto(f"{self.desk.url}{wanted}")
        assert response is not None
        assert response.status == stop.status, (stop.name, response.status, page.url)
        assert page.locator(stop.shows).count(), (stop.name, page.url)
        assert not stop.route or is_of(stop.route, response), (stop.name, response.request.method, page.url)
        return response

    def _send(self, page: Page, wanted: Sent) -> Response:
        with page.expect_navigation() as navigation:
            page.evaluate(_SEND, [wanted.path, dict(wanted.fields)])
        return navigation.value


def is_of(route: str, response: Response) -> bool:
    """Whether *route*, as in `GET /cases/{request_id}`, gave this answer."""
    method, _, path = route.partition(" ")
    pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
    return response.request.method == method and bool(re.fullmatch(rf"https?://[^/]+{pattern}(\?.*)?", response.url))
