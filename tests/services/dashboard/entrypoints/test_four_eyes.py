"""A premium beyond somebody's authority waits for somebody else."""

import re
from typing import TypeVar

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.roles import Role
from services.dashboard.entrypoints.web.decide_wording import DECISION_PROBLEMS
from shared.events import ApprovalAsked, ApprovalRefused, QuoteDecided
from tests.services.dashboard.builders import (
    COVER,
    FOR_RATING,
    REQUEST,
    a_referral,
    a_request,
    an_assignment,
    an_offer,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, PASSWORD, InMemoryDashboard, log_in, text

pytestmark = pytest.mark.anyio

CASE = f"/cases/{REQUEST}"
_Fact = TypeVar("_Fact")
REASON = "カナリア様とは長いお取引のため"


async def a_desk(*facts: Fact, **roles: Role) -> InMemoryDashboard:
    """Of `desk`, an underwriter, and of those in *roles*."""
    dashboard = InMemoryDashboard()
    for name, role in {"desk": Role.underwriter, **roles}.items():
        dashboard.accounts.hashes[name] = f"plain:{PASSWORD}"
        dashboard.accounts.roles[name] = role
    for fact in (a_request(answers=COVER), *(facts or (an_offer(67_000),))):
        await dashboard.cases.add(fact)
    return dashboard


async def send(dashboard: InMemoryDashboard, who: str, path: str, seen: int | None = None, /, **data: str) -> Response:
    """What *who* sends from a page that they have just opened."""
    async with dashboard.browser(logged_in=False) as browser:
        await log_in(browser, who)
        page = (await browser.get(CASE)).text
        shown = re.findall(r'name="seen" value="(\d+)"', page)[0]
        sent = {"seen": shown if seen is None else str(seen), "asked_id": _asked_id(page), **data}
        return await browser.post(f"{CASE}/{path}", data=sent, headers=FROM_OWN_PAGE)


def _asked_id(page: str) -> str:
    return next(iter(re.findall(r'name="asked_id" value="([^"]*)"', page)), "")


async def set_premium(dashboard: InMemoryDashboard, who: str = "desk", premium: str = "50000") -> Response:
    return await send(dashboard, who, "decide", kind="premium", premium=premium, reason=REASON)


async def page_for(dashboard: InMemoryDashboard, who: str) -> str:
    async with dashboard.browser(logged_in=False) as browser:
        await log_in(browser, who)
        return text(await browser.get(CASE))


def kept(dashboard: InMemoryDashboard, kind: type[_Fact]) -> list[_Fact]:
    return [fact for fact in dashboard.cases.facts.values() if isinstance(fact, kind)]


async def test_within_their_authority_an_underwriter_decides_alone() -> None:
    dashboard = await a_desk()

    await set_premium(dashboard, premium="73,700")

    assert [decision.approves for decision in kept(dashboard, QuoteDecided)] == [None]
    assert kept(dashboard, ApprovalAsked) == []


async def test_beyond_it_somebody_else_approves_and_rating_gets_what_was_written() -> None:
    dashboard = await a_desk(taro=Role.manager)

    asked = await set_premium(dashboard)
    waiting = await page_for(dashboard, "taro")
    approved = await send(dashboard, "taro", "approve", answer="approve")
    after = await page_for(dashboard, "desk")

    [proposal], [decision] = kept(dashboard, ApprovalAsked), kept(dashboard, QuoteDecided)
    assert (asked.status_code, approved.status_code) == (303, 303)
    assert "保険料： 50,000円 （料率表の保険料：67,000円、差 −25.4%）" in waiting
    assert f"理由：{REASON}" in waiting
    assert FOR_RATING.open(decision.parcels["rating"]) == {"reason": REASON, "premium": 50_000}
    assert (decision.approves, decision.decided_by, decision.revision) == (proposal.decision_id, "taro", 2)
    assert "カナリア" not in proposal.to_json().decode()
    assert "taro が保険料の設定を承認しました" in after
    assert "desk が保険料の設定の承認を依頼しました" in after


async def test_who_has_no_authority_for_a_premium_does_not_take_back_that_others_approved_it() -> None:
    dashboard = await a_desk(taro=Role.manager, hanako=Role.manager, jiro=Role.desk)
    await set_premium(dashboard)
    await send(dashboard, "taro", "approve", answer="approve")
    [decision] = kept(dashboard, QuoteDecided)
    held = {"decision_id": f"{decision.decision_id}:decided"}

    page = await page_for(dashboard, "jiro")
    clerk = await send(dashboard, "jiro", "take-back", **held)
    asker = await send(dashboard, "desk", "take-back", **held)
    manager = await send(dashboard, "hanako", "take-back", **held)

    assert "権限を持つ職員に限ります" in page
    assert [one.status_code for one in (clerk, asker, manager)] == [409, 409, 303]
    assert "設定する権限を持つ職員だけです" in text(clerk)


async def test_who_decided_a_premium_takes_it_back_and_so_does_everybody_with_other_terms() -> None:
    dashboard = await a_desk(jiro=Role.desk)
    await set_premium(dashboard, premium="73,700")
    [premium] = kept(dashboard, QuoteDecided)
    own = await send(dashboard, "desk", "take-back", decision_id=f"{premium.decision_id}:decided")
    await send(dashboard, "desk", "decide", kind="terms", reason=REASON, **{"term-plan": "wide"})
    [terms] = kept(dashboard, QuoteDecided)

    others = await send(dashboard, "jiro", "take-back", decision_id=f"{terms.decision_id}:decided")

    assert (own.status_code, others.status_code) == (303, 303)


async def test_a_refusal_needs_a_reason_and_ends_it() -> None:
    dashboard = await a_desk(taro=Role.manager)
    await set_premium(dashboard)

    without = await send(dashboard, "taro", "approve", answer="refuse", reason=" ")
    refused = await send(dashboard, "taro", "approve", answer="refuse", reason="根拠が足りません")
    page = await page_for(dashboard, "desk")

    assert (without.status_code, refused.status_code) == (422, 303)
    assert DECISION_PROBLEMS["no-reason"] in text(without)
    assert len(kept(dashboard, ApprovalRefused)) == 1
    assert "taro が保険料の設定を承認しませんでした 根拠が足りません" in page
    assert "承認待ち" not in page
    assert kept(dashboard, QuoteDecided) == []


async def test_nobody_approves_their_own_and_nobody_without_the_authority() -> None:
    dashboard = await a_desk(taro=Role.manager, jiro=Role.underwriter)
    await set_premium(dashboard, "jiro")
    [proposal] = kept(dashboard, ApprovalAsked)
    dashboard.accounts.roles["jiro"] = Role.admin

    own = await send(dashboard, "jiro", "approve", answer="approve", asked_id=proposal.decision_id)
    without = await send(dashboard, "desk", "approve", answer="approve")
    own_page = await page_for(dashboard, "jiro")

    assert (own.status_code, without.status_code) == (422, 422)
    assert DECISION_PROBLEMS["own"] in text(own)
    assert DECISION_PROBLEMS["no-authority"] in text(without)
    assert "権限を持つほかの職員が確認するまで" in own_page
    assert kept(dashboard, QuoteDecided) == []


async def test_who_asked_is_told_to_wait_and_the_others_where_to_answer() -> None:
    dashboard = await a_desk(taro=Role.manager)
    await set_premium(dashboard)

    own, others = await page_for(dashboard, "desk"), await page_for(dashboard, "taro")

    wait, answer = "権限を持つほかの職員の回答をお待ちください", "承認するかどうかを決めてください"
    assert [(wait in page, answer in page) for page in (own, others)] == [(True, False), (False, True)]
    assert ["受付番号 K7M2P4XR 見積済 承認待ち" in page for page in (own, others)] == [True, True]


async def test_a_proposal_about_a_quote_that_has_changed_is_not_approved() -> None:
    dashboard = await a_desk(taro=Role.manager)
    await set_premium(dashboard)
    [proposal] = kept(dashboard, ApprovalAsked)
    await dashboard.cases.add(an_offer(99_000, revision=2))

    late = await send(dashboard, "taro", "approve", answer="approve", asked_id=proposal.decision_id)

    assert late.status_code == 422
    assert DECISION_PROBLEMS["lapsed"] in text(late)
    assert "承認待ち" not in await page_for(dashboard, "taro")


async def test_who_has_not_seen_the_latest_decision_approves_nothing() -> None:
    dashboard = await a_desk(taro=Role.manager)
    await set_premium(dashboard)
    await dashboard.cases.add(an_assignment())

    late = await send(dashboard, "taro", "approve", 1, answer="approve")

    assert late.status_code == 409
    assert kept(dashboard, QuoteDecided) == []


async def test_other_terms_need_no_authority_because_the_tariff_prices_them() -> None:
    dashboard = await a_desk(desk=Role.desk)

    await send(dashboard, "desk", "decide", kind="terms", reason=REASON, **{"term-plan": "wide"})

    assert len(kept(dashboard, QuoteDecided)) == 1


async def test_a_referral_is_priced_alone_only_for_reasons_that_are_granted() -> None:
    """The shipped product lets underwriters price an incident, and not a turnover outside of the tariff."""
    dashboard = await a_desk(a_referral(), taro=Role.manager)

    await set_premium(dashboard)
    await send(dashboard, "taro", "approve", answer="approve")

    assert len(kept(dashboard, ApprovalAsked)) == 1
    assert len(kept(dashboard, QuoteDecided)) == 1


@pytest.mark.parametrize("data", [{}, {"answer": "perhaps"}])
async def test_an_answer_that_is_none_does_nothing(data: dict[str, str]) -> None:
    dashboard = await a_desk(taro=Role.manager)
    await set_premium(dashboard)

    response = await send(dashboard, "taro", "approve", **data)
    async with dashboard.browser() as browser:
        elsewhere = await _approve_elsewhere(browser)

    assert (response.status_code, elsewhere.status_code) == (409, 409)
    assert kept(dashboard, QuoteDecided) == []


async def _approve_elsewhere(browser: AsyncClient) -> Response:
    return await browser.post("/cases/nobody/approve", data={"answer": "approve"}, headers=FROM_OWN_PAGE)
