"""The page that the documents hand to the agency, served from the agency's own site and sent by a browser."""

import re
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.form.elsewhere import serving
from tests.form.site import Site
from tests.journeys.browser import SEND, Person
from tests.journeys.world import CANARY_COMPANY, a_quote, brochure_only

_PAPER: Final = Path(__file__).parents[2] / "docs" / "embed.md"
_PLACEHOLDER: Final = "https://form.example/cyber-security/"


def snippet(site: Site) -> str:
    """The form of docs/embed.md as the agency would paste it."""
    return _pasted("post", site)


def _pasted(method: str, site: Site) -> str:
    [form] = re.findall(rf'```html\n(<form method="{method}".*?)```', _PAPER.read_text("utf-8"), re.DOTALL)
    assert _PLACEHOLDER in form
    return f'<!doctype html><meta charset="utf-8"><title>代理店</title>{form.replace(_PLACEHOLDER, site.url)}'


def fill_in(page: Page, origin: str, **changes: str) -> Person:
    person = Person(page, brochure_only(**changes))
    page.goto(f"{origin}/shiryo.html")
    person.answer()
    return person


def test_a_visitor_of_the_agencys_site_sends_our_form_from_there(site: Site, page: Page) -> None:
    with serving(snippet(site), site.agency) as origin:
        fill_in(page, origin).press("送信する")

    assert page.url.startswith(f"{site.url}done/")
    assert page.locator(".number").count() == 1


def test_what_is_missing_there_is_asked_for_here_and_nothing_is_typed_twice(site: Site, page: Page) -> None:
    with serving(snippet(site), site.agency) as origin:
        person = fill_in(page, origin, department="")
        person.press("送信する")
    told = page.locator(".summary").inner_text()
    kept = page.locator("[name=company]").input_value()
    page.locator("[name=department]").fill("総務部")
    person.press(SEND)

    assert "担当部署を入力してください" in told
    assert kept == CANARY_COMPANY
    assert page.url.startswith(f"{site.url}done/")


def test_a_site_that_was_not_named_is_refused(site: Site, page: Page) -> None:
    with serving(snippet(site)) as origin:
        person = fill_in(page, origin)
        with page.expect_response(f"{site.url}submit") as answered:
            person.press("送信する")

    assert answered.value.status == 403
    assert page.locator(".number").count() == 0


def test_a_link_brings_harmless_answers_along_and_nothing_else(site: Site, page: Page) -> None:
    with serving(f'<a href="{site.url}?brochure=post&quote=no&company=Tracked">資料請求</a>') as origin:
        page.goto(origin)
        with page.expect_navigation():
            page.locator("a").click()
    person = Person(page, {name: text for name, text in brochure_only().items() if name not in {"brochure", "quote"}})
    person.press("入力をはじめる")
    wishes = [page.locator(f"[name={name}]:checked").get_attribute("value") for name in ("brochure", "quote")]
    person.go_on()

    assert wishes == ["post", "no"]
    assert page.locator("[name=company]").input_value() == ""


def test_a_visitor_of_the_agencys_site_sees_a_price_and_carries_the_answers_into_the_form(
    site: Site, page: Page
) -> None:
    """From a site that nobody has named: to ask for a price changes nothing."""
    with serving(_pasted("get", site)) as origin:
        page.goto(f"{origin}/hoken.html")
        page.locator("[name=industry]").select_option("retail")
        page.locator("[name=turnover]").fill("500000")
        page.locator("[name=plan]").select_option("wide")
        page.get_by_role("button", name="保険料の目安を見る").click()
        page.wait_for_url(f"{site.url}estimate?**")
    band = page.locator(".number").inner_text()
    cookies = page.context.cookies()
    others = {
        name: answer for name, answer in a_quote().items() if name not in {"industry", "turnover", "plan", "quote"}
    }
    person = Person(page, others)
    person.go_on()
    person.go_through()
    page.get_by_role("button", name="すべての回答を開く").click()
    told = page.locator("main").inner_text()

    assert band == "46,400円 ～ 162,400円"
    assert cookies == []
    for carried in ("小売業", "500,000千円", "ワイド"):
        assert carried in told
