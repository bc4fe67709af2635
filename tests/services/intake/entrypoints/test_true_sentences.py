"""A page says only what is true on it, and what it has said stays true."""

import re

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, fields_of, fill, send, slug_of
from tests.services.intake.builders import CONTACT, IT, a_product, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def test_no_page_speaks_of_a_button_that_it_does_not_have(client: httpx.AsyncClient) -> None:
    """「確認画面へ」をクリック where the button was 次へ進む, and 「以下の必須の項目」 with nothing below."""
    passed = await fill(client, answers())
    pages = [(await client.get(f"{FORM}{page}")).text for page in passed]

    for page in pages:
        button = re.findall(r"<button[^>]* data-go>([^<]*)</button>", page)
        assert "「確認画面へ」" not in page or button == ["確認画面へ"]
        assert "以下の 必須の項目" not in page


async def test_a_doubt_names_the_button_that_is_there(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}contact", data={**CONTACT, "email": "a@gmial.com"})

    page = (await client.get(f"{FORM}contact")).text

    assert "もう一度「次へ進む」を押してください" in page
    assert re.findall(r"<button[^>]* data-go>([^<]*)</button>", page) == ["次へ進む"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param(brochure_only(), ["1ページ目", "2ページ目", "3 / 3"], id="documents only"),
        pytest.param(
            answers(),
            ["1ページ目", "2ページ目", *(f"{number} / 9" for number in range(3, 8)), "8 / 8"],
            id="a quote",
        ),
        pytest.param(
            answers(rider_it="yes", industry="it", **IT),
            ["1ページ目", "2ページ目", *(f"{number} / 9" for number in range(3, 10))],
            id="a quote for an IT company",
        ),
    ],
)
async def test_the_number_of_pages_never_grows_once_it_was_said(
    client: httpx.AsyncClient, typed: dict[str, object], shown: list[str]
) -> None:
    """It said 2 / 3, and on the next page 3 / 8."""
    found = []
    reply = await client.post(f"{FORM}start")
    while True:
        page = (await client.get(reply.headers["Location"])).text
        where = page.partition('<p class="where">')[2].partition("</p>")[0]
        found += re.findall(r"(?:aria-hidden=\"true\">|^)(\d+(?: / \d+|ページ目))", where)
        if (slug := slug_of(reply)) == "confirm":
            break
        reply = await client.post(f"{FORM}{slug}", data=fields_of(slug, typed))

    assert found == shown


@pytest.mark.parametrize("order", a_product().form.orders)
async def test_the_first_page_says_how_long_the_pages_take_to_which_the_wish_leads(order: str) -> None:
    """It added the first two pages, and in another order those are not the ones for documents alone."""
    async with browser(Scene(product=a_product(order))) as client:
        page = (await client.get(FORM)).text
        minutes = {asked.slug: asked.minutes for asked in a_product().form.in_order(order).pages}

    assert f"資料請求のみ　約{minutes['wishes'] + minutes['contact']}分" in page
    assert f"お見積りをご希望の場合　約{sum(minutes.values()) - minutes['it-work']}分" in page


async def test_the_first_page_tells_what_is_kept_from_what_is_sent(client: httpx.AsyncClient) -> None:
    """Each answer is saved as it is given: that nothing is sent before the last button was not true any more."""
    page = (await client.get(FORM)).text

    assert "保存されます" in page
    assert "「この内容で送信する」を押すまでは、ご依頼にならず" in page


async def test_the_last_page_promises_the_term_of_the_product(client: httpx.AsyncClient) -> None:
    """It said 2営業日 where the mails said 3営業日: now both take it from the product."""
    await fill(client, answers())

    done = (await client.get((await send(client)).headers["Location"])).text

    assert f"{a_product().agency.reply_within}にご連絡します" in done
    assert "{reply_within}" not in done


async def test_nobody_is_told_that_something_is_kept_when_nothing_is(scene: Scene) -> None:
    """The 301st wrong post of the agency's page, and an office's 121st form, read 入力された内容は保存されています.

    Nothing of either had been stored: whoever believed it and closed the window lost what was typed.
    """
    async with browser(scene, "203.0.113.7") as client:
        for _ in range(301):
            wrong = await client.post(f"{FORM}submit", data={"company": "見本商会"})
        for _ in range(121):
            client.cookies.clear()
            begun = await client.post(f"{FORM}start")

    assert (wrong.status_code, begun.status_code) == (429, 429)
    assert "保存されています" not in wrong.text
    assert "保存されています" not in begun.text


async def test_an_address_that_was_copied_from_the_first_page_does_not_blame_the_cookies_alone(
    client: httpx.AsyncClient,
) -> None:
    """`…/contact?begun=1` stays in the address bar. Opened in another browser it said that cookies were off."""
    copied = (await client.post(f"{FORM}start")).headers["Location"]
    client.cookies.clear()

    reply = await client.get(copied)

    assert reply.status_code == 400
    assert "別のブラウザーで開かれた場合は、はじめのページから" in reply.text
