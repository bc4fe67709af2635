"""A case leads back to the list that it was opened from: the same tab, filter, search, order and page."""

import html
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from httpx import AsyncClient, Response

from services.dashboard.entrypoints.web.way_back import case_at
from tests.services.dashboard.builders import BY_DESK, COVER, REQUEST, a_letter_sent, a_request, an_offer
from tests.services.dashboard.fakes import FROM_OWN_PAGE, ORIGIN, InMemoryDashboard

pytestmark = pytest.mark.anyio

CASE = f"/cases/{REQUEST}"
TYPED = "カナリア様からお電話"
LIST = "/?q=K7M2P4XR&tab=unanswered&state=quoted&order=changed&before=1764000000000~zzz"


async def a_desk() -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in (a_request(product=BY_DESK.slug, answers=COVER), an_offer(), a_letter_sent()):
        await dashboard.cases.add(fact)
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


def action_of(page: Response, path: str) -> str:
    """Where the first form goes that is sent to *path* below the case."""
    return html.unescape(re.findall(rf'action="({CASE}/{path}(?:\?[^"#]*)?)[#"]', page.text)[0])


async def send(browser: AsyncClient, page: Response, path: str, **fields: str) -> Response:
    return await browser.post(action_of(page, path), data={"seen": "0", **fields}, headers=FROM_OWN_PAGE)


async def with_texts_of_two_tabs(browser: AsyncClient) -> None:
    for tab in "ab":
        data = {"form": "note", "tab": tab * 32, "number": "1", "text": tab}
        await browser.put(f"{CASE}/draft", data=data, headers=FROM_OWN_PAGE)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        pytest.param("work", {"kind": "note", "text": "折り返し"}, id="done"),
        pytest.param("work", {"kind": "note", "text": ""}, id="refused"),
        pytest.param("work", {"kind": "assign", "to": "desk", "seen": "9"}, id="overtaken"),
        pytest.param("draft/discard", {"form": "note", "tab": "a" * 32, "number": "1"}, id="a text discarded"),
        pytest.param("decide", {"kind": "terms"}, id="a decision refused"),
        pytest.param("release", {"quote_id": "none"}, id="not released"),
        pytest.param("letters/[^/]+/copy", {}, id="a letter asked for"),
        pytest.param("work", {"kind": "unheard-of", "text": TYPED}, id="a form of another version"),
        pytest.param("decide", {"kind": "unheard-of", "reason": TYPED}, id="a decision of another version"),
    ],
)
async def test_the_way_back_outlives_what_is_done_on_the_page(path: str, fields: dict[str, str]) -> None:
    async with (await a_desk()).browser() as browser:
        await with_texts_of_two_tabs(browser)
        opened = await open_from(browser, LIST)
        done = await send(browser, opened, path, **fields)
        shown = await browser.get(done.headers["location"]) if done.is_redirect else done

    assert way_back(shown) == way_back(opened)
    assert TYPED not in fields.values() or TYPED in shown.text


async def test_every_form_of_a_case_takes_the_list_along() -> None:
    async with (await a_desk()).browser() as browser:
        await with_texts_of_two_tabs(browser)
        page = await open_from(browser, LIST)

    actions = [urlsplit(html.unescape(one)) for one in re.findall(r'action="(/cases/[^"]*)"', page.text)]
    assert {one.path.rsplit("/", 1)[1] for one in actions} == {"release", "work", "discard", "copy", "decide"}
    assert {*(parse_qs(one.query)["list"][0] for one in actions)} == {way_back(page)}


async def test_a_form_that_was_refused_and_is_sent_again_leads_back_too() -> None:
    """The page of a refused form has the form's address: who corrected it came to the whole list."""
    async with (await a_desk()).browser() as browser:
        opened = await open_from(browser, LIST)
        refused = await send(browser, opened, "work", kind="note", text="")
        done = await send(browser, refused, "work", kind="note", text="折り返し")
        shown = await browser.get(done.headers["location"])

    assert refused.status_code == 422
    assert way_back(shown) == way_back(opened)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        pytest.param("take-back", {"decision_id": "none"}, id="too late"),
        pytest.param("approve", {"answer": "perhaps", "reason": TYPED}, id="no answer"),
        pytest.param("letters/none/copy", {}, id="no such letter"),
        pytest.param("work", {"kind": "unheard-of", "text": TYPED}, id="a form of another version"),
    ],
)
async def test_a_page_that_says_no_leads_to_the_case_and_from_there_to_the_list(
    path: str, fields: dict[str, str]
) -> None:
    async with (await a_desk()).browser() as browser:
        refused = await browser.post(case_at(REQUEST, LIST, f"/{path}"), data=fields, headers=FROM_OWN_PAGE)
        [case] = re.findall(r'<a href="([^"]*)">ご依頼のページへ</a>', refused.text)
        shown = await browser.get(html.unescape(case))

    assert refused.status_code == 409
    assert TYPED not in fields.values() or TYPED in refused.text
    assert (shown.status_code, way_back(shown)) == (200, way_back(refused))
    assert parse_qs(urlsplit(way_back(shown)).query) == parse_qs(urlsplit(LIST).query)


async def test_from_the_page_of_the_answers_it_is_the_same() -> None:
    async with (await a_desk()).browser() as browser:
        opened = await open_from(browser, LIST)
        page = await browser.get(html.unescape(re.findall(rf'href="({CASE}/answers[^"]*)"', opened.text)[0]))
        refused = await browser.post(str(page.url), data={"seen": "0"}, headers=FROM_OWN_PAGE)
        [case] = re.findall(r'<a href="([^"]*)">← ご依頼に戻る</a>', refused.text)
        shown = await browser.get(html.unescape(case))

    assert refused.status_code == 422
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
        form = {"kind": "note", "text": "折り返し", "seen": "0"}
        address = f"{CASE}/work?list={quote(hostile, safe='')}"
        done = await browser.post(address, data=form, headers=FROM_OWN_PAGE)

    assert way_back(asked) in {"/", "/?tab=mine"}
    assert done.headers["location"].startswith(f"{CASE}?list=")
    assert "evil.example/" not in done.headers["location"]
