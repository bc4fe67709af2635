"""戻る keeps what was typed: it was a link, and whoever looked up the page before lost the page that they were on."""

import re

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, come_to, fields_of, fill, mark, slug_of
from tests.services.intake.builders import CONTACT, a_product, answers
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio
COVER_FIRST = "cover-first"
BACK = {"_action": "back"}


async def test_what_was_typed_is_there_again_right_or_wrong(client: httpx.AsyncClient) -> None:
    await come_to(client, "contact")
    await client.post(f"{FORM}contact", data=CONTACT)

    reply = await client.post(f"{FORM}wishes", data={"brochure": "post", **BACK})

    assert reply.headers["Location"] == f"{FORM}contact"
    assert re.search(r'value="post" checked', (await client.get(f"{FORM}wishes")).text)
    wrong = await client.post(f"{FORM}contact", data={**CONTACT, "phone": "abc", **BACK})
    assert wrong.headers["Location"] == FORM
    assert 'value="abc"' in (await client.get(f"{FORM}contact")).text


async def test_a_page_that_was_only_left_is_not_passed(client: httpx.AsyncClient) -> None:
    """Its button asks what is doubtful; 戻る does not."""
    await fill(client, answers())
    seen = await mark(client, "contact")
    doubtful = {**CONTACT, **seen, "email": "canary@gmial.com"}

    await client.post(f"{FORM}contact", data={**doubtful, **BACK})

    assert (await client.get(f"{FORM}confirm")).headers["Location"] == f"{FORM}contact"


async def test_a_page_that_is_left_as_it_was_stays_passed(client: httpx.AsyncClient) -> None:
    await fill(client, answers())
    same = {**fields_of("policy", answers()), **await mark(client, "policy")}

    await client.post(f"{FORM}policy", data={**same, **BACK})

    assert (await client.get(f"{FORM}confirm")).status_code == 200


async def test_from_a_page_to_be_changed_it_leads_back_to_the_confirmation(client: httpx.AsyncClient) -> None:
    await fill(client, answers())

    right = await client.post(f"{FORM}contact?back=confirm", data={**CONTACT, "company": "あとの見本商会", **BACK})

    assert right.headers["Location"] == f"{FORM}confirm"


async def test_from_a_page_that_is_not_right_it_leads_to_the_page_before(client: httpx.AsyncClient) -> None:
    """Nobody is held on it: it keeps what was typed, and the confirmation leads there again."""
    await fill(client, answers())
    changed = {**fields_of("policy", answers()), "d3_01": "", **await mark(client, "policy")}

    left = await client.post(f"{FORM}policy?back=confirm", data={**changed, **BACK})

    assert left.headers["Location"] == f"{FORM}history?back=confirm"
    assert (await client.get(f"{FORM}confirm")).headers["Location"] == f"{FORM}policy"


async def test_whoever_has_opened_a_page_by_mistake_comes_back_to_the_answer_that_did_and_takes_it_back() -> None:
    """IT業務特約 was chosen from the confirmation: seven questions followed, and no way led back to it."""
    async with browser(Scene(product=a_product(COVER_FIRST))) as client:
        await fill(client, answers(), COVER_FIRST)
        cover = fields_of("cover", answers(), COVER_FIRST)

        reply = await client.post(f"{FORM}cover?back=confirm", data={**cover, "rider_it": "yes"})
        way = [slug_of(reply)]
        for _ in range(5):
            same = fields_of(way[-1], answers(), COVER_FIRST)
            reply = await client.post(reply.headers["Location"], data={**same, **await mark(client, way[-1]), **BACK})
            way.append(slug_of(reply))
        taken_back = await client.post(reply.headers["Location"], data={**cover, **await mark(client, "cover")})

    assert way == ["it-work", "operation", "technology", "policy", "history", "cover"]
    assert slug_of(taken_back) == "confirm"


async def test_the_button_that_enter_presses_is_the_one_that_goes_on(client: httpx.AsyncClient) -> None:
    await come_to(client, "contact")

    page = (await client.get(f"{FORM}contact")).text

    buttons = re.findall(r'<button[^>]* form="questions"[^>]*>([^<]*)</button>|<form id="questions"', page)
    assert buttons == ["次へ", "戻る", ""]
