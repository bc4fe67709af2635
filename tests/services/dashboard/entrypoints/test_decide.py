"""Staff have a quote made anew: with other terms of the cover, or with a premium that they set."""

import re
from datetime import date

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.facts import Fact
from services.dashboard.entrypoints.web.decide_wording import DECISION_PROBLEMS
from shared.events import QuoteDecided
from tests.services.dashboard.builders import (
    BY_DESK,
    COVER,
    FOR_RATING,
    OPENER,
    REQUEST,
    a_decision,
    a_manual_offer,
    a_note,
    a_referral,
    a_request,
    an_approval_asked,
    an_assignment,
    an_offer,
)
from tests.services.dashboard.entrypoints.test_correct_answers import SENT
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, text

pytestmark = pytest.mark.anyio

CASE = f"/cases/{REQUEST}"
REASON = "カナリア様のご希望による"


async def a_desk(*facts: Fact) -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in (a_request(answers=COVER), *facts):
        await dashboard.cases.add(fact)
    return dashboard


async def decide(browser: AsyncClient, kind: str, seen: int | None = None, /, **fields: str) -> Response:
    """As the page would: it says how many decisions it shows, and sends every field of the form."""
    page = (await browser.get(CASE)).text
    if seen is None:
        seen = int(re.findall(r'name="seen" value="(\d+)"', page)[0])
    if kind == "terms":
        fields = {f"term-{key}": str(value) for key, value in COVER.items()} | fields
    data = {"kind": kind, "seen": str(seen), **fields}
    return await browser.post(f"{CASE}/decide", data=data, headers=FROM_OWN_PAGE)


def decided(dashboard: InMemoryDashboard) -> list[QuoteDecided]:
    return [fact for fact in dashboard.cases.facts.values() if isinstance(fact, QuoteDecided)]


async def test_other_terms_are_asked_of_rating_and_shown_with_their_reason_until_they_come() -> None:
    dashboard = await a_desk(an_offer())

    async with dashboard.browser() as browser:
        answer = await decide(browser, "terms", **{"term-plan": "wide", "term-cost_limit": "50000000"}, reason=REASON)
        page = text(await browser.get(CASE))

    [event] = decided(dashboard)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{CASE}#take-back")
    assert (event.revision, event.decided_by) == (2, "desk")
    assert FOR_RATING.open(event.parcels["rating"]) == {
        "reason": REASON,
        "terms": {"plan": "wide", "cost_limit": 50_000_000},
    }
    assert OPENER.open(event.parcels["desk"]) == FOR_RATING.open(event.parcels["rating"])
    assert "カナリア" not in event.to_json().decode()
    assert "desk が見積りの見直し（第2版）を依頼しました 計算と送信を待っています プラン： ワイド に変更" in page
    assert f"費用損害の支払限度額： 5,000万円 に変更 理由：{REASON}" in page
    assert "この条件で見積もる" not in page


async def test_the_terms_as_they_are_stand_chosen() -> None:
    dashboard = await a_desk(an_offer())

    async with dashboard.browser() as browser:
        page = (await browser.get(CASE)).text

    for key, value in COVER.items():
        [field] = re.findall(rf'<select id="term-{key}".*?</select>', page, re.DOTALL)
        assert re.findall(r'value="([^"]*)" selected', field) == [str(value)]


async def test_a_premium_is_set_beside_that_of_the_tariff() -> None:
    dashboard = await a_desk(an_offer(67_000))

    async with dashboard.browser() as browser:
        before = text(await browser.get(CASE))
        await decide(browser, "premium", premium=" ８１，２３０円", reason=REASON)
        await dashboard.cases.add(a_manual_offer(81_230))
        after = text(await browser.get(CASE))

    [event] = decided(dashboard)
    assert "いまの条件での料率表の保険料： 67,000円" in before
    assert FOR_RATING.open(event.parcels["rating"]) == {"reason": REASON, "premium": 81_230}
    assert "保険料を 81,230円 に設定（料率表との差 +21.2%）" in after
    assert "まだ届いていません" not in after


async def test_a_referral_is_priced_by_hand_where_the_tariff_has_no_price() -> None:
    dashboard = await a_desk(a_referral())

    async with dashboard.browser() as browser:
        page = text(await browser.get(CASE))
        answer = await decide(browser, "premium", premium="150000", reason=REASON)

    assert "ありません（料率表では算出できない条件です）" in page
    assert answer.status_code == 303
    assert len(decided(dashboard)) == 1


async def test_an_expired_quote_is_made_anew_with_the_same_terms() -> None:
    """The page said that a new quote was needed, and refused to make it unless some term was changed."""
    dashboard = await a_desk(an_offer(expires_on=date(2026, 11, 22)))

    async with dashboard.browser() as browser:
        before = text(await browser.get(CASE))
        answer = await decide(browser, "terms", reason=REASON)
        page = text(await browser.get(CASE))

    [event] = decided(dashboard)
    assert "を過ぎています。引き渡す前に、 「見積りの見直し」 の「条件を変えて見積もる」で" in before
    assert answer.status_code == 303
    assert FOR_RATING.open(event.parcels["rating"]) == {"reason": REASON, "terms": COVER}
    assert "プラン： ベーシック 賠償損害の支払限度額： 1億円 賠償損害の免責金額" in page
    assert "に変更" not in page


async def test_an_expired_premium_that_was_set_by_hand_is_set_again() -> None:
    """Its terms would be priced by the tariff, and the customer would get another premium."""
    expired = a_manual_offer().model_copy(update={"expires_on": date(2026, 11, 22)})
    dashboard = await a_desk(an_offer(), a_decision(), expired)

    async with dashboard.browser() as browser:
        page = text(await browser.get(CASE))

    assert "「見積りの見直し」 の「保険料を手動で設定する」で、保険料を設定し直してください。" in page


BY_ITSELF = "計算が終わると、 新しい見積書が、お客さまへ自動でメールで送られます （見積もれないときは"
WAITS = "計算が終わっても、「お客さまへ送付する」を押すまで、見積書はお客さまへ送られません（見積もれないときは"
STOPPED = "メールの送信を許可するまで、お客さまへは何も送られません"


@pytest.mark.parametrize("path", [CASE, f"{CASE}/answers"], ids=["the case", "the answers"])
@pytest.mark.parametrize(
    ("request_made", "says"),
    [
        pytest.param(a_request(answers=SENT), BY_ITSELF, id="sent by itself"),
        pytest.param(a_request(answers=SENT, product=BY_DESK.slug), WAITS, id="staff send it"),
        pytest.param(a_request(answers=SENT, suspicions=("honeypot",)), STOPPED, id="all mails are stopped"),
    ],
)
async def test_before_a_quote_is_made_anew_the_page_says_what_the_customer_gets(
    request_made: Fact, says: str, path: str
) -> None:
    """「この条件で見積もる」 read like a trial, and sent a mail to the customer."""
    dashboard = InMemoryDashboard()
    for fact in (request_made, an_offer()):
        await dashboard.cases.add(fact)

    async with dashboard.browser() as browser:
        page = text(await browser.get(path))

    assert [one in page for one in (BY_ITSELF, WAITS, STOPPED)] == [one == says for one in (BY_ITSELF, WAITS, STOPPED)]


async def test_a_premium_by_hand_says_so_too_and_the_approval_of_one() -> None:
    asked = an_approval_asked().model_copy(update={"decided_by": "taro"})
    dashboard = await a_desk(an_offer(), asked)

    async with dashboard.browser() as browser:
        page = text(await browser.get(CASE))

    for begins in ("設定すると", "承認すると"):
        assert f"{begins}、 新しい見積書が、お客さまへ自動でメールで送られます 。" in page


@pytest.mark.parametrize(
    ("kind", "fields", "problem"),
    [
        pytest.param("premium", {"premium": "8万", "reason": REASON}, "bad-premium", id="not a number"),
        pytest.param("premium", {"premium": "81230.5", "reason": REASON}, "bad-premium", id="half a yen"),
        pytest.param("premium", {"premium": "-5", "reason": REASON}, "bad-premium", id="below nought"),
        pytest.param("premium", {"premium": "9" * 5_000, "reason": REASON}, "bad-premium", id="endless"),
        pytest.param("premium", {"premium": "81,235", "reason": REASON}, "premium-step", id="half a step"),
        pytest.param("premium", {"premium": "81,230"}, "no-reason", id="without a reason"),
        pytest.param("terms", {"reason": REASON}, "same-terms", id="the same terms"),
        pytest.param("terms", {"term-plan": "gold", "reason": REASON}, "same-terms", id="no such plan"),
    ],
)
async def test_what_cannot_be_decided_is_said_and_what_was_typed_stays(
    kind: str, fields: dict[str, str], problem: str
) -> None:
    dashboard = await a_desk(an_offer())

    async with dashboard.browser() as browser:
        refused = await decide(browser, kind, **fields)

    assert refused.status_code == 422
    assert DECISION_PROBLEMS[problem] in text(refused)  # type: ignore[index]  # a row of the table
    assert fields.get("reason", "") in refused.text
    assert fields.get("premium", "")[:20] in refused.text
    assert decided(dashboard) == []


async def test_of_two_who_decide_the_second_sees_the_first_and_loses_nothing() -> None:
    dashboard = await a_desk(an_offer())

    async with dashboard.browser() as first, dashboard.browser() as second:
        await decide(first, "premium", 0, premium="70000", reason="一人目")
        late = await decide(second, "premium", 0, premium="75000", reason=REASON)

    assert late.status_code == 409
    assert "保険料を 70,000円 に設定" in text(late)
    assert (REASON in late.text, 'value="75000"' in late.text) == (True, True)
    assert len(decided(dashboard)) == 1


async def test_a_note_of_somebody_else_does_not_stand_in_the_way_but_a_decision_does() -> None:
    dashboard = await a_desk(an_offer())
    await dashboard.cases.add(a_note())

    async with dashboard.browser() as browser:
        noted = await decide(browser, "premium", 0, premium="70000", reason=REASON)
        await dashboard.cases.add(an_offer(70_000, revision=2))
        await dashboard.cases.add(an_assignment())
        assigned = await decide(browser, "premium", 1, premium="71000", reason=REASON)

    assert (noted.status_code, assigned.status_code) == (303, 409)


async def test_while_a_revision_is_awaited_no_other_is_asked_for() -> None:
    dashboard = await a_desk(an_offer(), a_decision())

    async with dashboard.browser() as browser:
        refused = await decide(browser, "premium", premium="70000", reason=REASON)
        page = text(await browser.get(CASE))

    assert refused.status_code == 422
    assert DECISION_PROBLEMS["awaited"] in text(refused)
    assert (
        "hanako が見積りの見直し（第2版）を依頼しました まだ届いていません 内容は、この画面では確認できない形で" in page
    )


async def test_who_decides_is_noted_before_it_is_decided() -> None:
    dashboard = await a_desk(an_offer())

    async with dashboard.browser() as browser:
        await browser.get(CASE)
        dashboard.audit.away = True
        data = {"kind": "premium", "seen": "0", "premium": "70000", "reason": REASON}
        failed = await browser.post(f"{CASE}/decide", data=data, headers=FROM_OWN_PAGE)

    assert failed.status_code == 503
    assert decided(dashboard) == []


@pytest.mark.parametrize("fields", [{}, {"kind": "sabotage"}])
async def test_a_form_that_is_not_ours_decides_nothing(fields: dict[str, str]) -> None:
    dashboard = await a_desk(an_offer())

    async with dashboard.browser() as browser:
        response = await browser.post(f"{CASE}/decide", data=fields, headers=FROM_OWN_PAGE)
        data = {"kind": "premium", "premium": "1", "reason": "x"}
        elsewhere = await browser.post("/cases/nobody/decide", data=data, headers=FROM_OWN_PAGE)

    assert (response.status_code, elsewhere.status_code) == (409, 409)
    assert decided(dashboard) == []


async def test_a_decision_that_cannot_be_opened_hides_only_itself() -> None:
    lost = a_decision(content={"reason": REASON, "premium": 1})
    parcel = lost.parcels["desk"].model_copy(update={"key": "desk-0"})
    lost = lost.model_copy(update={"parcels": {"desk": parcel}})
    dashboard = await a_desk(an_offer(), lost, a_manual_offer())

    async with dashboard.browser() as browser:
        page = text(await browser.get(CASE))

    assert "この内容は開封できません（unknown-key）" in page
    assert "この保険料に設定する" in page
