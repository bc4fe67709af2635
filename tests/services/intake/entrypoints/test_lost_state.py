"""Whatever a browser has lost, the next page says so; and nobody is taken for a robot for it."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, fields_of, fill, mark, post, send
from tests.services.intake.builders import CONTACT, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def carried(client: httpx.AsyncClient, page: str) -> dict[str, str]:
    """The hidden fields of a page, which a browser sends along with what is typed."""
    text = (await client.get(f"{FORM}{page}")).text
    return dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)">', text))


async def post_as_shown(client: httpx.AsyncClient, page: str, typed: dict[str, Any]) -> httpx.Response:
    return await client.post(f"{FORM}{page}", data={**await carried(client, page), **fields_of(page, typed)})


async def test_whoever_comes_back_too_late_is_told(client: httpx.AsyncClient, scene: Scene) -> None:
    """The cookie ended with the draft, so that nobody ever read the sentence: the page was empty without a word."""
    await fill(client, answers())
    scene.clock.forward(timedelta(hours=24))

    start = await client.get(FORM)
    pages = [await client.get(f"{FORM}{page}", follow_redirects=True) for page in ("contact", "policy", "confirm")]
    sent = await post(client, f"{FORM}confirm", {})

    assert all("保存期間が過ぎました" in page.text for page in (start, *pages, sent))
    assert "Max-Age=2592000" in (await client.post(f"{FORM}start")).headers["Set-Cookie"]


async def test_whoever_sends_a_page_too_late_is_no_robot(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, brochure_only())
    hidden = await carried(client, "contact")
    scene.clock.forward(timedelta(hours=25))

    reply = await post(client, f"{FORM}contact", {**hidden, **CONTACT})
    await fill(client, brochure_only())
    await send(client)

    assert "保存期間が過ぎました" in reply.text
    assert "いま送信されたページの内容は残っています" in reply.text
    assert scene.requests[0].event.suspicions == ()


async def test_a_cookie_that_is_lost_between_two_pages_is_told(client: httpx.AsyncClient, scene: Scene) -> None:
    """An extension that cleans up took it; the customer landed on an empty first page without a word."""
    await client.post(f"{FORM}start")
    scene.clock.forward(timedelta(minutes=1))
    await client.post(f"{FORM}contact", data=CONTACT)
    hidden = await carried(client, "wishes")
    client.cookies.clear()

    reply = await post(client, f"{FORM}wishes", {**hidden, "brochure": "email", "quote": "no"})

    assert reply.url.path == f"{FORM}contact"
    assert "入力中の内容が見つかりませんでした" in reply.text
    await fill(client, brochure_only())
    await send(client)
    assert scene.requests[0].event.suspicions == ()


@pytest.mark.parametrize("action", ["save", "ask", "address", ""])
async def test_it_is_told_whichever_button_was_pressed(client: httpx.AsyncClient, action: str) -> None:
    await client.post(f"{FORM}start")
    hidden = await carried(client, "contact")
    client.cookies.clear()

    reply = await post(client, f"{FORM}contact", {**hidden, "company": "見本商会", "_action": action})

    assert "入力中の内容が見つかりませんでした" in reply.text
    assert 'value="見本商会"' in reply.text


@pytest.mark.parametrize("page", ["history", "confirm"])
async def test_a_page_further_on_that_is_opened_without_a_form_says_so(client: httpx.AsyncClient, page: str) -> None:
    reply = await client.get(f"{FORM}{page}", follow_redirects=True)

    assert reply.url.path == f"{FORM}contact"
    assert "入力中の内容が見つかりませんでした" in reply.text


@pytest.mark.parametrize("action", ["", "save", "ask", "address"])
async def test_whoever_blocks_cookies_is_told_at_once(scene: Scene, action: str) -> None:
    """A page opened by its address led back to itself, empty, for ever."""
    async with browser(scene) as client:
        hidden = await carried(client, "contact")
        reply = await client.post(f"{FORM}contact", data={**hidden, **CONTACT, "_action": action})
        client.cookies.clear()
        after = await client.get(reply.headers["Location"])

    assert after.status_code == 400
    assert "Cookie を有効にしてください" in after.text


async def test_whoever_opens_the_first_page_by_its_address_is_no_robot(client: httpx.AsyncClient, scene: Scene) -> None:
    hidden = await carried(client, "contact")
    scene.clock.forward(timedelta(minutes=1))
    await client.post(f"{FORM}contact", data={**hidden, **CONTACT})
    await post_as_shown(client, "wishes", brochure_only())
    await send(client)

    assert scene.requests[0].event.suspicions == ()
    assert [step.kind for step in scene.ledger.steps.kept] == ["started", "passed", "passed", "sent"]


@pytest.mark.parametrize("forged", ["", "2026-11-24T03:00:00+00:00", "2026-11-24T03:00:00+00:00 00", "x y", "\u3042"])
async def test_a_program_that_never_opened_a_page_is_marked_whatever_it_makes_up(scene: Scene, forged: str) -> None:
    """`Cookie: mitsumori_draft=x` on the first post was enough to be no robot."""
    async with browser(scene) as client:
        first = {**CONTACT, "_begun": forged, "_seen": "1"}
        await client.post(f"{FORM}contact", data=first, headers={"Cookie": "mitsumori_draft=x"})
        await client.post(f"{FORM}wishes", data={"brochure": "email", "quote": "no"})
        await send(client)

    assert "no-start" in scene.requests[0].event.suspicions


async def test_back_after_sending_shows_pages_and_asks_for_nothing(client: httpx.AsyncClient) -> None:
    """A page that answers a post cannot be shown again: every post is answered with an address."""
    await fill(client, brochure_only())
    wrong = await client.post(f"{FORM}confirm", data={"news_opt_in": "yes", **await mark(client, "confirm")})
    shown = await client.get(wrong.headers["Location"])
    await client.post(f"{FORM}start")
    bad_mail = await client.post(f"{FORM}save", data={"email": "canary@"})

    assert wrong.status_code == bad_mail.status_code == 303
    assert 'value="yes" checked' in shown.text
    assert 'value="canary@"' in (await client.get(bad_mail.headers["Location"])).text
    assert 'value="canary@"' not in (await client.get(f"{FORM}save")).text


@pytest.mark.parametrize("button", ["start", "forget"])
async def test_an_error_page_of_the_start_page_can_be_opened_again(client: httpx.AsyncClient, button: str) -> None:
    """A telephone closes a window and opens its address again, without the form: 503 became ページが見つかりません."""
    reply = await client.get(f"{FORM}{button}")

    assert (reply.status_code, reply.headers["Location"]) == (303, FORM)


async def test_no_address_can_tell_a_customer_that_a_whole_form_was_lost(client: httpx.AsyncClient) -> None:
    """A stranger's link, or the address of an earlier page, said 「はじめから入力してください」 over a whole form."""
    await fill(client, answers())

    page = await client.get(f"{FORM}contact?expired=1&lost=1&begun=1")

    assert page.status_code == 200
    assert "保存期間が過ぎました" not in page.text
    assert "見つかりません" not in page.text
