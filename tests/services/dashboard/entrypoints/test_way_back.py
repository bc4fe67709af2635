"""A case leads back to the list that it was opened from: the same tab, filter, search, order and page."""

import html
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from httpx import AsyncClient, Response

from tests.services.dashboard.builders import REQUEST, a_request
from tests.services.dashboard.fakes import FROM_OWN_PAGE, ORIGIN, InMemoryDashboard

pytestmark = pytest.mark.anyio

CASE = f"/cases/{REQUEST}"
LIST = "/?q=K7M2P4XR&tab=unanswered&state=received&order=changed&before=1764000000000~zzz"


async def a_desk() -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request())
    return dashboard


def way_back(page: Response) -> str:
    [address] = re.findall(r'<p class="back"><a href="([^"]*)">← ご依頼一覧へ</a>', page.text)
    return html.unescape(address)


async def open_from(browser: AsyncClient, address: str) -> Response:
    [link] = re.findall(rf'href="({CASE}[^"]*)"', (await browser.get(address)).text)
    return await browser.get(html.unescape(link))


async def test_a_case_leads_back_to_the_same_page_of_the_same_list() -> None:
    async with (await a_desk()).browser() as browser:
        opened = await open_from(browser, LIST)
        again = await browser.get(way_back(opened))

    assert parse_qs(urlsplit(way_back(opened)).query) == parse_qs(urlsplit(LIST).query)
    assert REQUEST in again.text


async def test_from_the_whole_list_the_address_of_a_case_stays_plain() -> None:
    async with (await a_desk()).browser() as browser:
        opened = await open_from(browser, "/")

    assert str(opened.url) == f"{ORIGIN}{CASE}"
    assert way_back(opened) == "/"


@pytest.mark.parametrize("kind", ["work", "draft/discard", "decide"])
async def test_the_way_back_outlives_what_is_done_on_the_page(kind: str) -> None:
    form = {"kind": "note", "text": "折り返し", "seen": "0"} if kind == "work" else {"kind": "terms", "seen": "0"}
    async with (await a_desk()).browser() as browser:
        opened = await open_from(browser, LIST)
        headers = {**FROM_OWN_PAGE, "Referer": str(opened.url)}
        done = await browser.post(f"{CASE}/{kind}", data=form, headers=headers)
        shown = await browser.get(done.headers["location"]) if done.is_redirect else done

    assert way_back(shown) == way_back(opened)


@pytest.mark.parametrize(
    "hostile",
    [
        "https://evil.example/",
        "//evil.example/?tab=mine",
        "javascript:alert(1)",
        "/logout",
        "/\\evil.example",
        '"><script>',
        "x" * 10_000,
        "?" + "&".join(["a=1"] * 300),
    ],
)
async def test_it_leads_to_no_other_place(hostile: str) -> None:
    async with (await a_desk()).browser() as browser:
        asked = await browser.get(f"{CASE}?list={quote(hostile, safe='')}")
        headers = {**FROM_OWN_PAGE, "Referer": f"{ORIGIN}{CASE}?list={quote(hostile, safe='')}"}
        form = {"kind": "note", "text": "折り返し", "seen": "0"}
        done = await browser.post(f"{CASE}/work", data=form, headers=headers)

    assert way_back(asked) in {"/", "/?tab=mine"}
    assert done.headers["location"].startswith(f"{CASE}?list=")
    assert "evil.example/" not in done.headers["location"]
