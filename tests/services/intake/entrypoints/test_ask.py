"""社内の担当者に聞く: one page for somebody else, and nothing of the others."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from shared.products import INSURERS_ORDER
from tests.services.intake.browser import FORM, browser, errors, fields_of, fill, post, send, slug_of
from tests.services.intake.builders import CANARY, CONTACT, IT, a_product, answers
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio
ANSWERS = answers(**IT, rider_it="yes")


async def come_to(client: httpx.AsyncClient, slug: str) -> None:
    reply = await client.post(f"{FORM}start")
    while slug_of(reply) != slug:
        reply = await client.post(f"{FORM}{slug_of(reply)}", data=fields_of(slug_of(reply), ANSWERS))


async def asked(client: httpx.AsyncClient, slug: str) -> str:
    """The path of the link that a colleague gets."""
    await client.post(f"{FORM}{slug}", data={"_action": "ask"})
    reply = await post(client, f"{FORM}ask/{slug}", {})
    [link] = re.findall(r'value="(http[^"]+/help/[^"]+)"', reply.text)
    return urlsplit(str(link)).path


async def test_a_colleague_sees_the_questions_of_one_page_and_not_who_asks(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await come_to(client, "policy")
    path = await asked(client, "policy")

    async with browser(scene) as other:
        shown = (await other.get(path)).text

    assert "セキュリティポリシー" in shown
    assert "売上高(税込)" not in shown
    assert not [word for word in CONTACT.values() if word in shown]


async def test_the_link_opens_no_answer_that_its_page_does_not_need(client: httpx.AsyncClient, scene: Scene) -> None:
    """Whoever has the link and the ledger learns that a quote is wished, and nothing else."""
    await come_to(client, "policy")
    path = await asked(client, "policy")

    opened = await scene.dependencies.open_draft(path.rpartition("/")[2])

    assert opened is not None
    assert opened.typed == {"quote": "yes"}


async def test_what_a_colleague_answers_reaches_the_form_that_asked(client: httpx.AsyncClient, scene: Scene) -> None:
    await come_to(client, "policy")
    path = await asked(client, "policy")

    async with browser(scene) as other:
        thanks = await post(other, path, fields_of("policy", ANSWERS))
    page = await client.get(f"{FORM}policy")

    assert "回答を送りました" in thanks.text
    assert "回答が届きました" in page.text
    assert len(re.findall(r"<input[^>]* checked", page.text)) == 9
    assert slug_of(await client.post(f"{FORM}policy", data=fields_of("policy", ANSWERS))) == "technology"


async def test_what_a_colleague_has_answered_can_still_be_corrected(client: httpx.AsyncClient, scene: Scene) -> None:
    await come_to(client, "policy")
    path = await asked(client, "policy")
    async with browser(scene) as other:
        await other.post(path, data=fields_of("policy", ANSWERS))
    await client.get(f"{FORM}policy")

    await client.post(f"{FORM}policy", data=fields_of("policy", {**ANSWERS, "d3_04": "no"}))

    assert re.search(r'name="d3_04" value="no" checked', (await client.get(f"{FORM}policy")).text)


async def test_a_colleague_s_answers_bring_back_nothing_that_was_changed_meanwhile(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """Their draft knew, when they were asked, that a quote was wished."""
    await come_to(client, "policy")
    path = await asked(client, "policy")
    await client.post(f"{FORM}wishes", data={"brochure": "email", "quote": "no"})

    async with browser(scene) as other:
        await other.post(path, data=fields_of("policy", ANSWERS))
    await send(client)

    assert not scene.requests[0].event.wishes.quote


async def test_meanwhile_the_other_pages_can_be_filled_in_but_nothing_is_sent(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await come_to(client, "policy")
    path = await asked(client, "policy")

    assert (await client.get(f"{FORM}technology")).status_code == 200
    await client.post(f"{FORM}technology", data=fields_of("technology", ANSWERS))
    await client.post(f"{FORM}operation", data=fields_of("operation", ANSWERS))
    await client.post(f"{FORM}cover", data=fields_of("cover", ANSWERS))
    waiting = await post(client, f"{FORM}it-work", fields_of("it-work", ANSWERS))
    assert waiting.url.path == f"{FORM}policy"
    assert "回答待ち" in waiting.text
    assert slug_of(await send(client)) == "policy"

    async with browser(scene) as other:
        await other.post(path, data=fields_of("policy", ANSWERS))
    await send(client)

    assert scene.opened(scene.requests[0], "desk")["answers"]["d3_01"] == "yes"


async def test_the_page_of_a_rider_can_be_handed_on_too(client: httpx.AsyncClient, scene: Scene) -> None:
    """Whether its questions must be answered depends on another page."""
    await come_to(client, "it-work")
    path = await asked(client, "it-work")

    async with browser(scene) as other:
        wrong = await post(other, path, {"d4_1": "yes"})
        await other.post(path, data=fields_of("it-work", ANSWERS))

    assert len(errors(wrong)) == 6
    assert slug_of(await client.post(f"{FORM}start")) == "confirm"


async def test_a_colleague_s_mistakes_are_told_to_the_colleague_and_nothing_is_lost(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await come_to(client, "policy")
    path = await asked(client, "policy")

    async with browser(scene) as other:
        reply = await post(other, path, {"d3_01": "no"})

    assert "<title>エラー：" in reply.text
    assert 'value="no" checked' in reply.text
    assert "回答待ち" in (await client.get(f"{FORM}policy")).text


async def test_a_colleague_cannot_answer_for_another_page(client: httpx.AsyncClient, scene: Scene) -> None:
    await come_to(client, "policy")
    path = await asked(client, "policy")

    async with browser(scene) as other:
        await other.post(path, data={**fields_of("policy", ANSWERS), "company": "別の会社", "quote": "no"})

    assert CANARY["company"] in (await client.get(f"{FORM}contact")).text
    assert (await client.get(f"{FORM}policy")).status_code == 200


async def test_the_link_is_no_key_to_the_form_that_asked(client: httpx.AsyncClient, scene: Scene) -> None:
    await come_to(client, "policy")
    key = (await asked(client, "policy")).rpartition("/")[2]

    async with browser(scene) as other:
        other.cookies.set("mitsumori_draft", key)
        reply = await other.get(f"{FORM}contact")

    assert CANARY["company"] not in reply.text


async def test_the_link_s_key_in_a_cookie_begins_a_form_of_its_own(client: httpx.AsyncClient, scene: Scene) -> None:
    await come_to(client, "policy")
    key = (await asked(client, "policy")).rpartition("/")[2]

    async with browser(scene) as other:
        reply = await other.post(f"{FORM}start", headers={"Cookie": f"mitsumori_draft={key}"})

    assert "mitsumori_draft=" in reply.headers["Set-Cookie"]
    assert key not in reply.headers["Set-Cookie"]


async def test_while_a_colleague_answers_one_goes_on_with_the_next_page(client: httpx.AsyncClient) -> None:
    await come_to(client, "policy")
    await asked(client, "policy")

    assert slug_of(await client.post(f"{FORM}start")) == "technology"


async def test_a_new_link_or_a_withdrawal_ends_the_old_one(client: httpx.AsyncClient) -> None:
    await come_to(client, "policy")
    first = await asked(client, "policy")
    second = await asked(client, "policy")
    assert [(await client.get(path)).status_code for path in (first, second)] == [410, 200]

    await client.post(f"{FORM}ask/policy", data={"withdraw": "1"})

    assert (await client.get(second)).status_code == 410
    assert "回答待ち" not in (await client.get(f"{FORM}policy")).text


async def test_whoever_answers_after_all_is_not_overwritten(client: httpx.AsyncClient, scene: Scene) -> None:
    await come_to(client, "policy")
    path = await asked(client, "policy")
    await client.post(f"{FORM}policy", data=fields_of("policy", ANSWERS))

    async with browser(scene) as other:
        assert (await other.post(path, data=fields_of("policy", {**ANSWERS, "d3_04": "no"}))).status_code == 410


async def test_what_a_colleague_has_sent_is_sent_once(client: httpx.AsyncClient, scene: Scene) -> None:
    await come_to(client, "policy")
    path = await asked(client, "policy")

    async with browser(scene) as other:
        await other.post(path, data=fields_of("policy", ANSWERS))
        again = await post(other, path, fields_of("policy", {**ANSWERS, "d3_04": "no"}))

    assert "回答を送りました" in again.text
    page = (await client.get(f"{FORM}policy")).text
    assert re.search(r'name="d3_04" value="yes" checked', page)


async def test_a_form_that_waits_for_a_colleague_is_kept_as_long_as_the_link(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await come_to(client, "policy")
    path = await asked(client, "policy")

    scene.clock.forward(timedelta(days=13))

    assert (await client.get(path)).status_code == 200
    assert CANARY["company"] in (await client.get(f"{FORM}contact")).text


async def test_while_the_ledger_is_away_a_colleague_s_answers_stay_on_the_page(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await come_to(client, "policy")
    path = await asked(client, "policy")
    scene.ledger.away = True

    reply = await client.post(path, data={"_page": "policy", "d3_01": "no", "d3_04": "yes"})

    assert reply.status_code == 503
    assert len(re.findall(r"<input[^>]* checked", reply.text)) == 2


async def test_pages_about_oneself_are_not_handed_on(client: httpx.AsyncClient) -> None:
    await fill(client, answers())

    assert (await client.get(f"{FORM}ask/contact")).status_code == 404
    assert (await client.get(f"{FORM}help/nobody")).status_code == 410


@pytest.mark.parametrize("has_answered", [True, False], ids=["answered", "not answered yet"])
async def test_a_form_goes_on_after_a_release_without_the_page_that_a_colleague_was_asked_about(
    client: httpx.AsyncClient, scene: Scene, *, has_answered: bool
) -> None:
    """Every page of the draft answered 500, and 「入力内容を消す」 too, for as long as the answers were kept."""
    await come_to(client, "policy")
    path = await asked(client, "policy")
    if has_answered:
        async with browser(scene) as other:
            await post(other, path, fields_of("policy", ANSWERS))
    product = a_product()
    pages = tuple(replace(page, slug="policies") if page.slug == "policy" else page for page in product.form.pages)
    orders = {INSURERS_ORDER: replace(product.form.orders[INSURERS_ORDER], pages=pages)}
    form = replace(product.form, pages=pages, orders=orders)

    async with browser(scene.after_release(replace(product, form=form))) as later:
        later.cookies = client.cookies
        shown = await later.get(f"{FORM}policies")
        went_on = await later.post(f"{FORM}policies", data=fields_of("policy", ANSWERS))
        forgotten = await later.post(f"{FORM}forget")

    assert (shown.status_code, went_on.status_code, forgotten.status_code) == (200, 303, 303)
