"""確認画面 and what follows it."""

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, errors, fields_of, fill, mark, send, send_as_shown
from tests.services.intake.builders import CANARY, CONTACT, IT, a_product, a_release, answers, brochure_only
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


def folds(page: httpx.Response) -> dict[str, tuple[bool, str]]:
    """By the title of a section: whether it is open, and what is said of its answers."""
    found = re.findall(
        r'<details class="fold"( open)?>\s*<summary><h2>([^<]*)</h2> <span class="hint">([^<]*)<', page.text
    )
    return {title: (bool(is_open), counted) for is_open, title, counted in found}


async def test_answers_are_folded_with_their_number_but_for_what_needs_a_look(client: httpx.AsyncClient) -> None:
    """A mail address that is wrong reaches nobody, and わからない prices as the unfavourable answer."""
    await fill(client, answers(d3_16="unknown", d3_17="unknown"))

    shown = folds(await client.get(f"{FORM}confirm"))

    assert shown["企業・ご担当者様情報"] == (True, "8問")
    assert shown["告知事項 3（技術的な対策）"] == (False, "7問")
    assert shown["告知事項 3（運用・委託）"] == (True, "11問（うち「わからない」2問）")


async def test_a_single_answer_is_not_folded_because_that_would_spare_nobody_anything(
    client: httpx.AsyncClient,
) -> None:
    await fill(client, answers())

    page = (await client.get(f"{FORM}confirm")).text

    assert '<h2 class="hidden">告知事項 1</h2>' in page
    assert "<summary><h2>告知事項 1</h2>" not in page


async def test_the_parts_of_a_section_that_goes_over_several_pages_are_told_apart(client: httpx.AsyncClient) -> None:
    await fill(client, answers())

    titles = list(folds(await client.get(f"{FORM}confirm")))

    assert len(set(titles)) == len(titles)
    assert [title for title in titles if title.startswith("告知事項 3")] == [
        "告知事項 3（セキュリティの方針・体制）",
        "告知事項 3（技術的な対策）",
        "告知事項 3（運用・委託）",
    ]


async def test_what_has_changed_is_never_folded(client: httpx.AsyncClient) -> None:
    await fill(client, answers())
    seen = await mark(client, "confirm")
    await client.post(f"{FORM}technology", data={**fields_of("technology", answers()), "d3_07": "no"})

    again = await client.get((await send_as_shown(client, seen)).headers["Location"])

    assert folds(again)["告知事項 3（技術的な対策）"][0]
    assert not folds(again)["告知事項 3（セキュリティの方針・体制）"][0]


async def test_what_personal_data_are_for_is_in_view_and_the_rest_one_press_away(client: httpx.AsyncClient) -> None:
    await fill(client, answers())

    shown, _, folded = (await client.get(f"{FORM}confirm")).text.partition('<details class="notices">')

    assert "2. お見積り(概算)の算出" in shown
    assert "■ 第三者への提供" not in shown
    assert "■ 開示等のご請求" in folded


async def test_a_text_that_begins_with_something_else_is_not_folded(scene: Scene, tmp_path: Path) -> None:
    """Else the purposes would be what is folded."""
    edits = [("product.yaml", "取扱いについて(見本)\n\n    (株)", "取扱いについて(見本)\n\n    ■ 利用目的\n    (株)")]
    async with browser(scene.after_release(a_release(tmp_path, edits))) as client:
        await fill(client, answers())

        page = (await client.get(f"{FORM}confirm")).text

    assert "2. お見積り(概算)の算出" in page
    assert '<details class="notices">' not in page
