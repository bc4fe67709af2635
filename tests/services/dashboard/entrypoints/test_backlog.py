"""滞留の確認: nothing that was accepted hides, and what was set aside can be worked on again or discarded."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.roles import Role
from shared.errors import Invalid, Unavailable
from shared.events import LETTERS
from tests.services.dashboard.builders import (
    NOON,
    REQUEST,
    a_dead_letter,
    a_letter_failed,
    a_referral,
    a_request,
    an_offer,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryCases, InMemoryDashboard, get, text

pytestmark = pytest.mark.anyio

LETTER = a_dead_letter()
LISTED = re.compile(r"<caption>[^<]* ([0-9,]+)件（")
LINK = re.compile(r'<a href="(/[^"]*)">([0-9,]+)件<span class="visually-hidden">（[^<]*）の一覧を見る</span></a>')


class OneMore(InMemoryCases):
    """A fact is stored that the read model does not have."""

    async def count(self) -> int:
        return await super().count() + 1


def with_a_letter() -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    dashboard.dead_letters.letters[LETTER.id] = LETTER
    return dashboard


async def post(dashboard: InMemoryDashboard, act: str, **fields: str) -> tuple[int, str]:
    async with dashboard.browser() as browser:
        response = await browser.post(f"/backlog/{act}", data=fields, headers=FROM_OWN_PAGE)
    return response.status_code, text(response)


async def test_every_accepted_request_has_its_place() -> None:
    dashboard = with_a_letter()
    dashboard.dead_letters.letters["two"] = a_dead_letter("two", topic=LETTERS)
    dashboard.time = NOON + timedelta(minutes=1)
    facts: list[Fact] = [
        *(a_request(), an_offer(), a_letter_failed()),
        *(a_request("referred"), a_referral(request_id="referred")),
        *(a_request("waits"), a_request("documents", quote=False)),
    ]

    page = text(await get("/backlog", *facts, dashboard=dashboard))

    assert "受け付けたご依頼 5件 の行き先が、すべて分かっています" in page
    assert "読み取れなかったご依頼 1件" in page
    assert "2分以上結果のないご依頼 0件" in page


async def test_what_does_not_add_up_is_said() -> None:
    page = text(await get("/backlog", a_request(), dashboard=InMemoryDashboard(cases=OneMore())))

    assert "受け付けたご依頼は 2件、行き先が分かるものは 1件" in page


async def test_every_number_that_leads_to_a_list_is_the_number_of_that_list() -> None:
    dashboard = InMemoryDashboard()
    for fact in (a_request(), a_request("offered"), an_offer(request_id="offered"), a_letter_failed()):
        await dashboard.cases.add(fact)

    async with dashboard.browser() as browser:
        links = LINK.findall((await browser.get("/backlog")).text)
        for address, count in links:
            listed = LISTED.search((await browser.get(html.unescape(address))).text)
            assert (address, listed[1] if listed else "0") == (address, count)

    assert len(links) == 7
    assert [count for address, count in links if "stuck" in address] == ["1"]


async def test_a_dead_letter_shows_which_event_it_is_and_none_of_its_values() -> None:
    page = await get("/backlog", dashboard=with_a_letter())

    assert "mitsumori.request.received.v1" in text(page)
    assert "項目：request_id、segment" in text(page)
    assert "ご依頼の受付：内容の形が正しくありません（bad-body）" in text(page)
    assert "secret-value" not in page.text


@pytest.mark.parametrize("value", [b"", b"\xff", b"[1]", b"[" * 100_000, b"1"])
async def test_whatever_a_record_holds_the_page_is_shown(value: bytes) -> None:
    dashboard = InMemoryDashboard()
    dashboard.dead_letters.letters["one"] = a_dead_letter("one", value=value)

    assert (await get("/backlog", dashboard=dashboard)).status_code == 200


async def test_a_record_that_can_be_worked_on_now_does_not_wait_any_more() -> None:
    dashboard = with_a_letter()

    status, _ = await post(dashboard, "retry", letter=LETTER.id)
    again, _ = await post(dashboard, "retry", letter=LETTER.id)

    assert (status, again) == (303, 409)
    assert dashboard.again == [LETTER]
    assert dashboard.dead_letters.ended == {LETTER.id: ("retried", "desk", "")}
    assert ("dead-letter-retried", "desk", REQUEST) in dashboard.audit.acts


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        pytest.param(Invalid("bad-body"), 422, "（bad-body）", id="poison stays poison"),
        pytest.param(RuntimeError(), 422, "（bug）", id="a bug"),
        pytest.param(Unavailable("mongo"), 503, "", id="the database is away"),
    ],
)
async def test_a_record_that_fails_again_still_waits(error: Exception, status: int, words: str) -> None:
    dashboard = with_a_letter()
    dashboard.again_fails = error

    answered, page = await post(dashboard, "retry", letter=LETTER.id)

    assert answered == status
    assert words in page
    assert dashboard.dead_letters.ended == {}


async def test_a_discarded_record_is_kept_with_who_and_why() -> None:
    dashboard = with_a_letter()

    without, page = await post(dashboard, "discard", letter=LETTER.id, reason=" ")
    status, _ = await post(dashboard, "discard", letter=LETTER.id, reason="試験の記録")

    assert (without, status) == (422, 303)
    assert "破棄する理由を" in page
    assert dashboard.dead_letters.ended == {LETTER.id: ("discarded", "desk", "試験の記録")}
    assert LETTER.id in dashboard.dead_letters.letters
    assert ("dead-letter-discarded", "desk", LETTER.id) in dashboard.audit.abouts


async def test_who_may_not_end_them_has_no_buttons() -> None:
    dashboard = with_a_letter()
    dashboard.accounts.roles["desk"] = Role.desk

    page = await get("/backlog", dashboard=dashboard)

    assert "/backlog/retry" not in page.text
    assert "責任者と管理者だけ" in text(page)


async def test_it_says_how_far_behind_the_process_is() -> None:
    dashboard = InMemoryDashboard()
    dashboard.delivered.lagging, dashboard.delivered.waiting = 1_234, (2, dashboard.time - timedelta(minutes=3))
    behind = text(await get("/backlog", dashboard=dashboard))
    dashboard.delivered.lagging = None
    away = text(await get("/backlog", dashboard=dashboard))

    assert "まだ読んでいない記録 1,234件" in behind
    assert "ほかの処理へ渡す前の記録 2件" in behind
    assert "最も古いもの：3分0秒前" in behind
    assert "いま記録を読めません" in away


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("unknown-key", "暗号化された内容を開く鍵がありません（unknown-key）"),
        ("ValueError", "システムの不具合です（ValueError）"),
        ("of-tomorrow", "その他の理由です（of-tomorrow）"),
    ],
)
async def test_the_reason_of_a_record_is_said_in_words_with_the_word_for_the_administrator(
    reason: str, words: str
) -> None:
    dashboard = InMemoryDashboard()
    dashboard.dead_letters.letters["one"] = replace(a_dead_letter("one"), reason=reason)

    assert text(await get("/backlog", dashboard=dashboard)).count(words) == 2
