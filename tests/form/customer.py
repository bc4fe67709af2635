"""Somebody who has come so far with the form, by plain posts: a browser would take a hundred times as long."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, Self

import httpx

from shared.products import Page, load_products
from tests.form.site import PRODUCT, Site
from tests.journeys.world import a_quote
from tests.plain_http import a_client

_SOLD: Final = load_products()[PRODUCT]
[ORDER] = _SOLD.form_orders
PAGES: Final = _SOLD.form.in_order(ORDER).pages
"""All of them, in the order in which customers are led: `ANSWERS` lead through each."""
_IT_WORK: Final = {"rider_it": "yes", **{f"d4_{number}": "yes" for number in range(1, 7)}, "d4_2_a": "yes"}
ANSWERS: Final[Mapping[str, Any]] = a_quote(**_IT_WORK, d4_7=["mfa", "sso"])


class Customer:
    """One visit, with its cookie. Whatever is posted must be taken."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.http = a_client(site.url, timeout=20)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.http.close()

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser has to show."""
        return dict(self.http.cookies.items())

    def post(self, path: str, **fields: Any) -> str:  # noqa: ANN401  # answers are of several kinds
        """Send *fields*; where that leads, from the product's address on."""
        body = str(httpx.QueryParams(fields))
        reply = self.http.post(
            path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}, follow_redirects=False
        )
        assert reply.status_code == HTTPStatus.SEE_OTHER, (path, reply.status_code, reply.text)
        return reply.headers["Location"].removeprefix(f"/{PRODUCT}/")

    def up_to(self, slug: str) -> str:
        """Begin, and answer every page before *slug*, which is where that leads."""
        self.post("start")
        for page in PAGES:
            if page.slug == slug:
                break
            led_to = self.post(page.slug, **answers_on(page))
            assert not led_to.startswith(page.slug), led_to
        return slug

    def to_the_end(self) -> str:
        """Send it all; where 受付番号 is told."""
        self.up_to("confirm")
        return self.confirm(self.mark())

    def mark(self) -> str:
        """What the confirmation says it shows."""
        [seen] = re.findall(r'name="_seen" value="([^"]*)"', self.http.get("confirm").text)
        return str(seen)

    def confirm(self, seen: str) -> str:
        """Agree to a confirmation that showed what *seen* says, and press its button; where that leads."""
        return self.post("confirm", privacy_consent=ANSWERS["privacy_consent"], _seen=seen)

    def helped_with(self, slug: str, **pages: str) -> str:
        """Ask a colleague about this page; where their link leads."""
        self.up_to(slug)
        self.post(f"ask/{slug}", **pages)
        [link] = set(re.findall(rf"{re.escape(self.site.url)}(help/[\w-]+)", self.http.get(f"ask/{slug}").text))
        return str(link)

    def saved(self) -> str:
        """Ask for a link to go on later; where it leads."""
        self.up_to(PAGES[1].slug)
        self.post("save", email=ANSWERS["email"])
        return self.site.newest_link().removeprefix(self.site.url)


def answers_on(page: Page, **changes: str) -> dict[str, Any]:
    """The answers that *page* asks for."""
    return {question.key: ANSWERS[question.key] for question in page.questions if question.key in ANSWERS} | changes
