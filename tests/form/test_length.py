"""How far it is to a price: how many screens of a phone, and how many answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from tests.form.customer import Customer
from tests.form.site import Site
from tests.journeys.browser import Person
from tests.journeys.world import a_quote, brochure_only
from tests.judges.window import a_window

_PHONE: Final = {"width": 360, "height": 640}
_MOST_SCREENS: Final = 30
_MOST_INPUTS: Final = 12
_FILLED: Final = """() => [...new Set([...document.querySelectorAll(
  "form :is(input:not([type=hidden]), select, textarea)[name]")].filter((field) =>
    ["radio", "checkbox"].includes(field.type) ? field.checked : field.value).map((field) => field.name))]"""


@dataclass(slots=True)
class Walk:
    """A way to the confirmation: each page by its name, with how tall it is once it is answered, and what was answered.

    What has a default and keeps it is no answer.
    """

    heights: dict[str, int] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)

    @property
    def screens(self) -> float:
        """How many screens a thumb goes through."""
        return sum(self.heights.values()) / _PHONE["height"]


def walked(site: Site, page: Page, answers: Mapping[str, Any]) -> Walk:
    """Through the form, from its first page."""
    with Customer(site) as customer:
        begun = customer.post("start")
        cookies = [{"name": name, "value": value, "url": site.url} for name, value in customer.cookies.items()]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # Playwright's own kind of dictionary
    page.goto(f"{site.url}{begun.partition('?')[0]}")
    page.goto(page.url.partition("?")[0])
    walk, person = Walk(), Person(page, answers)
    while True:
        slug = page.url.removeprefix(site.url).partition("?")[0]
        before = set(page.evaluate(_FILLED))
        if slug != "confirm":
            person.answer()
        else:
            page.locator("input[name=privacy_consent]").check()
        walk.heights[slug] = page.evaluate("document.documentElement.scrollHeight")
        walk.answered += sorted(set(page.evaluate(_FILLED)) - before)
        if slug == "confirm":
            return walk
        person.go_on()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with a_window(browser, viewport=_PHONE) as page:
        yield page


def test_the_way_to_a_quote_fits_on_so_many_screens_of_a_phone(site: Site, phone: Page) -> None:
    walk = walked(site, phone, a_quote())

    assert walk.screens <= _MOST_SCREENS, walk.heights


def test_documents_only_are_a_few_inputs_away(site: Site, phone: Page) -> None:
    walk = walked(site, phone, brochure_only())

    assert list(walk.heights) == ["wishes", "contact", "confirm"]
    assert len(walk.answered) <= _MOST_INPUTS


def test_an_excluded_industry_is_told_where_it_is_chosen_without_a_script(site: Site, browser: Browser) -> None:
    with a_window(browser, viewport=_PHONE, java_script_enabled=False) as page:
        Person(page, a_quote()).go_to(site.url, "cover")
        told = page.locator(".told")
        seen = []
        for industry in ("retail", "consumer_loan", "retail", "public_body", "ceremonial_mutual_aid"):
            page.locator("[name=industry]").select_option(industry)
            seen.append(told.is_visible())

    assert seen == [False, True, False, True, True]
