"""What may be a typing error is asked about once, and never corrected for the customer."""

import re
from urllib.parse import urlsplit

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, fields_of, fill, post, slug_of
from tests.services.intake.builders import CONTACT, answers
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def test_a_doubt_is_told_once_and_believed_when_it_is_sent_again(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start")
    typed = {**CONTACT, "email": "canary@gmial.com"}

    asked = await post(client, f"{FORM}contact", typed)
    again = await client.post(f"{FORM}contact", data=typed)

    assert "<title>確認：" in asked.text
    assert "もしかして canary@gmail.com ではありませんか。" in asked.text
    assert 'value="canary@gmial.com"' in asked.text
    assert slug_of(again) == "wishes"


async def test_another_slip_is_another_doubt(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}contact", data={**CONTACT, "email": "canary@gmial.com"})

    reply = await client.post(f"{FORM}contact", data={**CONTACT, "email": "canary@gmail.con"})

    assert slug_of(reply) == "contact"


async def test_one_button_types_what_was_meant(client: httpx.AsyncClient) -> None:
    await fill(client, answers())
    await client.post(f"{FORM}history", data=fields_of("history", answers(turnover="500000000")))

    changed = {**fields_of("history", answers(turnover="500000000")), "_action": "instead:turnover"}
    reply = await post(client, f"{FORM}history", changed)

    assert 'value="500,000"' in reply.text
    assert "＝ 5億円" in reply.text
    assert "advice" not in re.findall(r'class="([a-z]+)"', reply.text)


async def test_a_page_of_the_agency_is_not_asked_back(client: httpx.AsyncClient) -> None:
    """It has no second page to ask on; the desk sees the address and the amount."""
    reply = await client.post(f"{FORM}submit", data=answers(email="canary@gmial.com"))

    assert slug_of(reply).startswith("done/")


async def test_an_address_that_a_browser_left_incomplete_is_offered_whole(client: httpx.AsyncClient) -> None:
    """Chromium fills in 霞が関1-2-3, and the desk was told to post to that."""
    await client.post(f"{FORM}start")
    typed = {**CONTACT, "address": "霞が関1-2-3"}

    asked = await post(client, f"{FORM}contact", typed)
    mended = await post(client, f"{FORM}contact", {**typed, "_action": "instead:address"})
    again = await client.post(f"{FORM}contact", data=typed)

    assert "もしかして 東京都千代田区霞が関1-2-3 ではありませんか。" in asked.text
    assert 'value="東京都千代田区霞が関1-2-3"' in mended.text
    assert slug_of(again) == "wishes"


async def test_a_colleague_is_asked_about_a_doubt_too(client: httpx.AsyncClient, scene: Scene) -> None:
    """The turnover is mostly typed by whoever keeps the books: 500,000,000円 went through as 5,000億円 unasked."""
    typed = fields_of("history", answers(turnover="500,000,000"))
    path = await _asked_for_history(client)

    async with browser(scene) as colleague:
        asked = await post(colleague, path, typed)
        corrected = await post(colleague, path, {**typed, "_action": "instead:turnover"})
        await colleague.post(path, data=fields_of("history", answers(turnover="500,000")))

    assert "<title>確認：" in asked.text
    assert "もう一度「回答を送る」を押してください" in asked.text
    assert 'value="500,000"' in corrected.text
    assert "＝ 5億円" in (await client.get(f"{FORM}history")).text


async def test_a_colleague_who_sends_the_same_again_means_it(client: httpx.AsyncClient, scene: Scene) -> None:
    typed = fields_of("history", answers(turnover="500,000,000"))
    path = await _asked_for_history(client)

    async with browser(scene) as colleague:
        await post(colleague, path, typed)
        again = await post(colleague, path, typed)

    assert "回答を送りました" in again.text
    assert "＝ 5,000億円" in (await client.get(f"{FORM}history")).text


async def _asked_for_history(client: httpx.AsyncClient) -> str:
    """The path of a colleague's link to the page with the turnover."""
    await client.post(f"{FORM}start")
    for slug in ("contact", "wishes"):
        await client.post(f"{FORM}{slug}", data=fields_of(slug, answers()))
    await client.post(f"{FORM}history", data={"_action": "ask"})
    reply = await post(client, f"{FORM}ask/history", {})
    [link] = re.findall(r'value="(http[^"]+/help/[^"]+)"', reply.text)
    return urlsplit(str(link)).path
