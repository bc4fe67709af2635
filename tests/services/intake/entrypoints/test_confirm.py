"""確認画面 and what follows it."""

from datetime import timedelta

import httpx
import pytest

from tests.services.intake.browser import FORM, errors, fields_of, fill, mark, send
from tests.services.intake.builders import CANARY, CONTACT, IT, a_product, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def test_the_confirmation_shows_every_answer_in_words_with_a_way_to_change_it(client: httpx.AsyncClient) -> None:
    await fill(client, answers(d3_17="no", person="𠮷田 髙子", company="㈱見本"))

    shown = (await client.get(f"{FORM}confirm")).text

    assert "500,000千円（5億円）" in shown
    assert "いいえ（いずれかをしていない）" in shown
    assert "プライバシーマーク、ISMS(ISO/IEC 27001・JIS Q 27001)" in shown
    assert "𠮷田 髙子" in shown
    assert "㈱見本" in shown
    assert 'href="policy?back=confirm#d3_01_a"' in shown
    assert a_product().privacy.text.split("\n")[0] in shown
    assert "checked" not in shown


async def test_an_answer_that_the_papers_cannot_print_is_said_once_beside_it_and_is_sent(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """A company called 𪚥 saw its name as typed, and as 〓 on the 見積書, days later. Nobody had told it.

    It may send all the same: that is its name, and the desk reads it as it was typed.
    """
    await fill(client, brochure_only(company="株式会社𪚥"))

    shown = (await client.get(f"{FORM}confirm")).text
    await send(client)

    assert shown.count("書類（PDF）ではその文字が「〓」と表示されます") == 1
    assert scene.opened(scene.requests[0], "desk")["contact"]["company"] == "株式会社𪚥"


async def test_where_everything_can_be_printed_the_confirmation_says_nothing_of_papers(
    client: httpx.AsyncClient,
) -> None:
    await fill(client, answers(person="𠮷田 髙子", company="㈱見本"))

    assert "〓" not in (await client.get(f"{FORM}confirm")).text


async def test_a_change_comes_back_to_the_confirmation(client: httpx.AsyncClient) -> None:
    await fill(client, answers())

    changed = {**CONTACT, "company": "新しい商会"}
    reply = await client.post(f"{FORM}contact?back=confirm", data=changed)

    assert reply.headers["Location"] == f"{FORM}confirm"
    assert "新しい商会" in (await client.get(f"{FORM}confirm")).text


async def test_a_change_that_asks_for_more_leads_through_what_is_new(client: httpx.AsyncClient) -> None:
    await fill(client, brochure_only())

    reply = await client.post(f"{FORM}wishes?back=confirm", data={"brochure": "email", "quote": "yes"})

    assert reply.headers["Location"] == f"{FORM}history?back=confirm"


async def test_a_page_that_the_answers_no_longer_lead_to_is_not_sent(client: httpx.AsyncClient, scene: Scene) -> None:
    """Nobody would have seen its answers on the confirmation."""
    await fill(client, answers(**IT, rider_it="yes"))
    await client.post(f"{FORM}cover?back=confirm", data=fields_of("cover", answers(rider_it="no")))

    assert "CISO" not in (await client.get(f"{FORM}confirm")).text
    await send(client)

    assert not [key for key in scene.opened(scene.requests[0], "desk")["answers"] if key.startswith("d4_")]


async def test_nothing_is_sent_without_consent(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, brochure_only())

    refused = await client.post(f"{FORM}confirm", data={"news_opt_in": "yes", **await mark(client, "confirm")})
    reply = await client.get(refused.headers["Location"])

    assert refused.status_code == 303
    assert errors(reply) == ["「個人情報の利用目的に同意する」にチェックを入れてください"]
    assert scene.requests == []


async def test_a_double_click_and_a_reload_send_once(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, brochure_only())

    first, again = await send(client), await send(client)

    assert first.headers["Location"] == again.headers["Location"]
    assert len(scene.requests) == 1


async def test_two_clicks_at_once_are_one_request(client: httpx.AsyncClient, scene: Scene) -> None:
    """Both posts read the draft before either has marked it as sent."""
    await fill(client, brochure_only())
    drafts = dict(scene.ledger.drafts.kept)

    first = await send(client)
    scene.ledger.drafts.kept = drafts
    scene.clock.forward(timedelta(minutes=11))
    second = await send(client)

    assert first.headers["Location"] == second.headers["Location"]
    assert len(scene.requests) == 1


async def test_after_sending_every_page_leads_to_the_last_and_a_new_start_is_a_new_form(
    client: httpx.AsyncClient,
) -> None:
    await fill(client, brochure_only())
    done = (await send(client)).headers["Location"]

    assert (await client.get(f"{FORM}contact")).headers["Location"] == done
    assert (await client.get(f"{FORM}confirm")).headers["Location"] == done
    await client.post(f"{FORM}start")
    assert CANARY["company"] not in (await client.get(f"{FORM}contact")).text
