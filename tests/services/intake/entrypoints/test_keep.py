"""Answers are saved as they are given, by the script of the page. Here are its posts, without a browser."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.web.place import locate
from tests.services.intake.browser import FORM, browser, come_to, fields_of, fill, mark, post, send
from tests.services.intake.builders import CONTACT, DISCLOSURE, a_product, answers
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def keep(client: httpx.AsyncClient, page: str, **typed: Any) -> httpx.Response:  # noqa: ANN401  # of several kinds
    """What the script sends of a page that is opened now."""
    return await client.post(f"{FORM}{page}/keep", data={**await mark(client, page), **typed})


async def test_what_was_given_is_there_after_a_reload_and_in_another_window(client: httpx.AsyncClient) -> None:
    await come_to(client, "contact")

    reply = await keep(client, "contact", company="見本商会", phone="abc")

    assert reply.json() == {"saved": "12:00", "elsewhere": []}
    page = (await client.get(f"{FORM}contact")).text
    assert 'value="見本商会"' in page
    assert 'value="abc"' in page
    assert 'aria-invalid="true"' not in page


async def test_a_full_restart_loses_nothing(client: httpx.AsyncClient, scene: Scene) -> None:
    await come_to(client, "contact")
    await keep(client, "contact", company="見本商会")

    async with browser(scene.after_release(scene.product)) as after:
        after.cookies = client.cookies
        assert 'value="見本商会"' in (await after.get(f"{FORM}contact")).text


async def test_it_never_passes_a_page(client: httpx.AsyncClient) -> None:
    """What is doubtful is asked about by the button."""
    await come_to(client, "contact")

    await keep(client, "contact", **CONTACT)

    assert (await client.get(f"{FORM}wishes")).headers["Location"] == f"{FORM}contact"


async def test_what_is_changed_on_a_page_that_was_passed_is_looked_at_once_more(client: httpx.AsyncClient) -> None:
    await fill(client, answers())
    await keep(client, "policy", **fields_of("policy", answers()))
    unchanged = await client.get(f"{FORM}confirm")

    await keep(client, "policy", **{**fields_of("policy", answers()), "d3_04": "no"})

    assert unchanged.status_code == 200
    assert (await client.get(f"{FORM}confirm")).headers["Location"] == f"{FORM}policy"


async def test_what_another_window_has_answered_is_not_overwritten_but_said(client: httpx.AsyncClient) -> None:
    await come_to(client, "contact")
    seen = await mark(client, "contact")
    await client.post(f"{FORM}contact/keep", data={**seen, "company": "はじめの見本商会", "person": ""})

    second = {**seen, "company": "あとの見本商会", "person": "見本 花子"}
    reply = await client.post(f"{FORM}contact/keep", data=second)
    sent = await post(client, f"{FORM}contact", second)

    assert reply.json()["elsewhere"] == ["company"]
    assert "別の画面では「はじめの見本商会」と入力されています。" in sent.text
    assert 'value="あとの見本商会"' in sent.text
    assert 'value="見本 花子"' in sent.text


async def test_an_answer_that_is_saved_is_kept_for_a_day_also_while_no_page_is_right(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """A form whose first page was never right lives for an hour: whoever went to lunch had read 保存しました."""
    await come_to(client, "contact")
    await keep(client, "contact", company="見本商会")

    scene.clock.forward(timedelta(hours=23))

    assert 'value="見本商会"' in (await client.get(f"{FORM}contact")).text


async def test_answers_that_are_given_at_the_same_moment_are_all_saved(client: httpx.AsyncClient, scene: Scene) -> None:
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}contact", data=CONTACT)
    await client.post(f"{FORM}wishes", data={"brochure": "none", "quote": "yes"})
    pages = ("history", "policy", "technology", "operation")
    scene.ledger.drafts.is_slow = True

    replies = await asyncio.gather(
        *(client.post(f"{FORM}{page}/keep", data={"_seen": "", **fields_of(page, DISCLOSURE)}) for page in pages)
    )

    assert [reply.status_code for reply in replies] == [200] * 4
    for page in pages:
        await client.post(f"{FORM}{page}", data={**fields_of(page, DISCLOSURE), **await mark(client, page)})
    assert (await client.get(f"{FORM}confirm")).headers["Location"] == f"{FORM}cover"


@pytest.mark.parametrize("loss", ["too late", "cookie gone", "never begun", "sent"])
async def test_what_has_no_form_to_be_saved_in_is_not_said_to_be_saved(
    client: httpx.AsyncClient, scene: Scene, loss: str
) -> None:
    if loss != "never begun":
        await fill(client, answers())
    if loss == "sent":
        await send(client)
    if loss == "too late":
        scene.clock.forward(timedelta(hours=25))
    if loss == "cookie gone":
        client.cookies.clear()
    before = len(scene.ledger.drafts.kept)

    reply = await client.post(f"{FORM}contact/keep", data=CONTACT)

    assert reply.status_code == 404
    assert len(scene.ledger.drafts.kept) == before


async def test_while_the_ledger_is_away_nothing_is_said_to_be_saved(client: httpx.AsyncClient, scene: Scene) -> None:
    await come_to(client, "contact")
    scene.ledger.away = True

    assert (await client.post(f"{FORM}contact/keep", data=CONTACT)).status_code == 503


async def test_what_does_not_say_what_its_page_had_shown_empties_no_page(client: httpx.AsyncClient) -> None:
    await fill(client, answers())

    reply = await client.post(f"{FORM}policy/keep", data={})

    assert reply.status_code == 400
    assert (await client.get(f"{FORM}confirm")).status_code == 200


async def test_no_person_gives_answers_too_fast_and_a_program_does(scene: Scene) -> None:
    """Thirty people in an office; and their buttons still work."""
    unseen = {**CONTACT, "_seen": ""}
    async with browser(scene, "203.0.113.7") as client:
        await come_to(client, "contact")
        for _ in range(898):
            scene.dependencies.rate_limiter.check("keep", locate("203.0.113.7"))

        replies = [(await client.post(f"{FORM}contact/keep", data=unseen)).status_code for _ in range(3)]

        assert replies == [200, 200, 429]
        assert (await client.post(f"{FORM}contact", data=CONTACT)).status_code == 303


async def test_a_page_without_a_form_to_save_in_does_not_offer_it(client: httpx.AsyncClient) -> None:
    first = a_product().form.pages[0].slug
    opened = (await client.get(f"{FORM}{first}")).text
    await client.post(f"{FORM}start")

    assert "data-keep" not in opened
    assert f'data-keep="{FORM}{first}/keep"' in (await client.get(f"{FORM}{first}")).text
