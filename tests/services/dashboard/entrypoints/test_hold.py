"""A quote that waits for its release can be held: nobody sends it before somebody lifts the hold again."""

from datetime import date, timedelta
from typing import Final

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.facts import Decided, Fact
from services.dashboard.ports.cases import Added
from shared.events import CaseHeld, CaseHoldLifted, QuoteReleased, RequestReleased
from shared.products.desk import TAKE_BACK
from tests.services.dashboard.builders import (
    OPENER,
    REQUEST,
    a_closing,
    a_hold,
    a_lifting,
    a_release,
    a_request,
    an_offer,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, InMemoryDecisions, text

pytestmark = pytest.mark.anyio

CASE: Final = f"/cases/{REQUEST}"
WAITING: Final = (a_request(product="by-desk"), an_offer())
"""Noon of the 23rd of November, 2026, in Japan."""
SUSPICIOUS: Final = a_request(suspicions=("honeypot",))


async def a_desk(*facts: Fact) -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in facts:
        await dashboard.cases.add(fact)
    return dashboard


async def work(browser: AsyncClient, kind: str, seen: int = 0, **fields: str) -> Response:
    return await browser.post(f"{CASE}/work", data={"kind": kind, "seen": str(seen), **fields}, headers=FROM_OWN_PAGE)


async def release(browser: AsyncClient, seen: int = 0) -> Response:
    fields = {"quote_id": f"{REQUEST}:r1", "seen": str(seen)}
    return await browser.post(f"{CASE}/release", data=fields, headers=FROM_OWN_PAGE)


def kept(dashboard: InMemoryDashboard, kind: type[Fact]) -> list[Fact]:
    return [fact for fact in dashboard.cases.facts.values() if isinstance(fact, kind)]


async def test_a_held_quote_is_not_released_until_the_hold_is_lifted() -> None:
    dashboard = await a_desk(*WAITING)

    async with dashboard.browser() as browser:
        await work(browser, "hold", text="業種の区分を照会中", until="2026-12-01")
        refused = await release(browser, 1)
        [while_held] = [len(kept(dashboard, QuoteReleased))]
        await work(browser, "lift", seen=1)
        released = await release(browser, 2)

    [held] = kept(dashboard, CaseHeld)
    assert isinstance(held, CaseHeld)
    assert held.until == date(2026, 12, 1)
    assert OPENER.open(held.parcels["desk"]) == {"text": "業種の区分を照会中"}
    assert refused.status_code == 409
    assert "送付保留になっています。「送付保留を解除する」を押してから" in text(refused)
    assert while_held == 0
    assert (released.status_code, len(kept(dashboard, QuoteReleased))) == (303, 1)


async def test_the_case_and_the_list_say_that_it_is_held_why_and_until_when() -> None:
    dashboard = await a_desk(*WAITING, a_hold(until=date(2026, 12, 1)))

    async with dashboard.browser() as browser:
        case = await browser.get(CASE)
        page, listed = text(case), text(await browser.get("/"))

    assert "送付保留（12月1日に確認予定）" in page
    assert "送付保留（12月1日に確認予定）" in listed
    assert "desk が 11月23日 12:03 に、見積りを送付保留にしました（2026年12月1日（火）に確認予定）" in page
    assert "理由：業種の区分を照会中" in page
    assert "回答の期限は、送付保留のあいだも変わりません" in page
    assert ">お客さまへ送付する</button>" not in case.text
    assert "送付保留を解除してから送付してください" in page
    assert "desk が見積りを送付保留にしました" in page


async def test_what_is_held_has_its_tab_until_the_hold_is_lifted() -> None:
    dashboard = await a_desk(*WAITING, a_request("other", reception_no="OTHER111"))

    async with dashboard.browser() as browser:
        await work(browser, "hold", text="業種の区分を照会中")
        held = text(await browser.get("/?tab=on-hold"))
        await work(browser, "lift", seen=1)
        lifted = text(await browser.get("/?tab=on-hold"))

    assert ["送付保留 1" in held, "K7M2P4XR" in held, "OTHER111" in held] == [True, True, False]
    assert ["送付保留 0" in lifted, "K7M2P4XR" in lifted] == [True, False]


async def test_a_hold_holds_though_the_clock_of_the_process_that_lifted_the_one_before_is_ahead() -> None:
    """It was acknowledged, and dated before what it follows: nothing was held."""
    ahead = InMemoryDashboard().time + timedelta(seconds=20)
    lifted = a_lifting().model_copy(update={"decided_at": ahead})
    dashboard = await a_desk(*WAITING, a_hold(), lifted)

    async with dashboard.browser() as browser:
        held = await work(browser, "hold", seen=2, text="業種の区分を照会中")
        refused = await release(browser, 3)

    assert (held.status_code, refused.status_code) == (303, 409)
    assert kept(dashboard, QuoteReleased) == []


async def test_a_hold_that_lasts_longer_than_planned_is_pointed_out_and_still_holds() -> None:
    dashboard = await a_desk(*WAITING, a_hold(until=date(2026, 11, 23)))

    async with dashboard.browser() as browser:
        on_the_day = text(await browser.get(CASE))
        dashboard.time += timedelta(days=1)
        await browser.post("/login", data={"name": "desk", "password": "correct-horse-battery"}, headers=FROM_OWN_PAGE)
        after_it = text(await browser.get(CASE))
        refused = await release(browser)

    assert ["確認の予定日を過ぎています" in page for page in (on_the_day, after_it)] == [False, True]
    assert refused.status_code == 409


async def test_a_request_whose_mails_are_stopped_is_not_held_as_well() -> None:
    """Two words for it stood on the page, and two things had to be undone before a mail went out."""
    dashboard = await a_desk(SUSPICIOUS.model_copy(update={"product": "by-desk"}), an_offer())

    async with dashboard.browser() as browser:
        page = text(await browser.get(CASE))
        refused = await work(browser, "hold", text="お電話で確認中")

    assert "送付保留にする" not in page
    assert refused.status_code == 422
    assert "送付保留にできる見積りがありません" in text(refused)
    assert "お電話で確認中" in refused.text
    assert kept(dashboard, CaseHeld) == []


async def test_a_hold_of_before_still_keeps_the_mails_of_a_suspicious_request_until_it_is_lifted() -> None:
    dashboard = await a_desk(SUSPICIOUS, an_offer(), a_hold())

    async with dashboard.browser() as browser:
        page = text(await browser.get(CASE))
        refused = await browser.post(f"{CASE}/release-mails", data={"seen": "1"}, headers=FROM_OWN_PAGE)

    assert "送付保留を解除する" in page
    assert refused.status_code == 409
    assert "送付保留になっています。「送付保留を解除する」を押してから" in text(refused)
    assert kept(dashboard, RequestReleased) == []


@pytest.mark.parametrize(
    ("facts", "kind", "fields", "says"),
    [
        pytest.param(WAITING, "hold", {"text": " "}, "送付保留の理由を入力してください", id="no reason"),
        pytest.param(WAITING, "hold", {"text": "x", "until": "2026-11-22"}, "今日から1年以内の日付", id="yesterday"),
        pytest.param(WAITING, "hold", {"text": "x", "until": "2028-01-01"}, "今日から1年以内の日付", id="in years"),
        pytest.param(WAITING, "hold", {"text": "x", "until": "12/1"}, "今日から1年以内の日付", id="no date"),
        pytest.param((*WAITING, a_hold()), "hold", {"text": "x"}, "すでに送付保留になっています", id="held already"),
        pytest.param((*WAITING, a_hold(), a_lifting()), "lift", {}, "すでに解除されています", id="lifted already"),
        pytest.param(
            (*WAITING, a_release()), "hold", {"text": "x"}, "送付保留にできる見積りがありません", id="on its way"
        ),
        pytest.param((a_request(), an_offer()), "hold", {"text": "x"}, "送付保留にできる見積りが", id="sent by itself"),
        pytest.param((*WAITING, a_closing()), "hold", {"text": "x"}, "対応は終わっています", id="closed"),
    ],
)
async def test_what_cannot_be_held_or_lifted_is_said(
    facts: tuple[Fact, ...], kind: str, fields: dict[str, str], says: str
) -> None:
    dashboard = await a_desk(*facts)
    known = dict(dashboard.cases.facts)

    async with dashboard.browser() as browser:
        answer = await work(browser, kind, len(facts) - 2, **fields)

    assert answer.status_code == 422
    assert says in text(answer)
    assert dashboard.cases.facts == known


async def test_whoever_releases_in_the_moment_in_which_a_colleague_holds_is_refused() -> None:
    class HeldJustBefore(InMemoryDecisions):
        """The colleague is faster by a moment."""

        async def add(self, decision: Decided, *, after: int | None = None, held_for: timedelta = TAKE_BACK) -> Added:
            if isinstance(decision, QuoteReleased):
                await super().add(a_hold(), after=0)
            return await super().add(decision, after=after, held_for=held_for)

    dashboard = await a_desk(*WAITING)
    dashboard.stored_decisions = HeldJustBefore(dashboard.cases)

    async with dashboard.browser() as browser:
        refused = await release(browser)

    assert refused.status_code == 409
    assert "お客さまへは送っていません" in text(refused)
    assert kept(dashboard, QuoteReleased) == []


async def test_lifting_is_in_the_time_line() -> None:
    dashboard = await a_desk(*WAITING, a_hold(), a_lifting())

    async with dashboard.browser() as browser:
        page = await browser.get(CASE)

    assert "desk が送付保留を解除しました" in text(page)
    assert ">お客さまへ送付する</button>" in page.text
    assert len(kept(dashboard, CaseHoldLifted)) == 1
