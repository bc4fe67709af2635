"""For some products no quote goes out before a member of staff releases it."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from httpx import Response

from services.dashboard.domain.facts import Decided, Fact
from services.dashboard.domain.new_release import ReleaseProblem
from services.dashboard.entrypoints.web.decide_wording import RELEASE_PROBLEMS
from services.dashboard.ports.cases import Added
from shared.events import QuoteReleased
from shared.products.desk import TAKE_BACK
from tests.services.dashboard.builders import (
    REQUEST,
    a_closing,
    a_decision,
    a_hold,
    a_referral,
    a_refusal,
    a_release,
    a_request,
    an_approval_asked,
    an_assignment,
    an_offer,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryCases, InMemoryDashboard, InMemoryDecisions, text

pytestmark = pytest.mark.anyio

BUTTON = ">お客さまへ送付する</button>"
TAG = '<span class="tag tag--check">送付待ち</span>'


async def page_of(dashboard: InMemoryDashboard, *facts: Fact) -> Response:
    for fact in facts:
        await dashboard.cases.add(fact)
    async with dashboard.browser() as browser:
        return await browser.get(f"/cases/{REQUEST}")


async def release(
    dashboard: InMemoryDashboard, quote_id: str = f"{REQUEST}:r1", *, seen: int | None = None
) -> Response:
    """As the page would that is shown now, or of one that showed *seen* decisions."""
    async with dashboard.browser() as browser:
        shown = seen_on(await browser.get(f"/cases/{REQUEST}")) if seen is None else str(seen)
        data = {"quote_id": quote_id, "seen": shown}
        return await browser.post(f"/cases/{REQUEST}/release", data=data, headers=FROM_OWN_PAGE)


def seen_on(page: Response) -> str:
    return page.text.partition('name="seen" value="')[2].partition('"')[0]


def releases(dashboard: InMemoryDashboard) -> list[QuoteReleased]:
    return [fact for fact in dashboard.cases.facts.values() if isinstance(fact, QuoteReleased)]


async def take_back(dashboard: InMemoryDashboard) -> Response:
    async with dashboard.browser() as browser:
        data = {"decision_id": f"{REQUEST}:r1:released"}
        return await browser.post(f"/cases/{REQUEST}/take-back", data=data, headers=FROM_OWN_PAGE)


async def test_a_price_of_such_a_product_waits_behind_a_button() -> None:
    page = await page_of(InMemoryDashboard(), a_request(product="by-desk"), an_offer())

    assert BUTTON in page.text
    assert TAG in page.text
    assert "見積書（お客さま宛） 送付待ち" in text(page)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param([a_request(), an_offer()], id="a product whose quotes go out by themselves"),
        pytest.param([a_request(product="by-desk")], id="no price yet"),
        pytest.param([a_request(product="by-desk"), a_referral()], id="a referral"),
        pytest.param([a_request(product="by-desk"), an_offer(), a_release()], id="released already"),
        pytest.param([a_request(product="by-desk"), an_offer(expires_on=date(2026, 11, 22))], id="expired"),
        pytest.param([a_request(product="gone"), an_offer()], id="a product that we no longer know"),
    ],
)
async def test_otherwise_there_is_no_button_and_no_way_around_it(facts: list[Fact]) -> None:
    dashboard = InMemoryDashboard()
    page = await page_of(dashboard, *facts)
    known = dict(dashboard.cases.facts)

    await release(dashboard)

    assert BUTTON not in page.text
    assert dashboard.cases.facts == known


@pytest.mark.parametrize(
    "request_made",
    [
        pytest.param(a_request(product="by-desk"), id="its quote waits for staff"),
        pytest.param(a_request(suspicions=("honeypot",)), id="all its mails wait for staff"),
    ],
)
async def test_a_quote_that_waited_too_long_is_a_task_and_does_not_just_lose_its_button(request_made: Fact) -> None:
    """The button vanished with the last day, and the case said 未送信 with nothing to do, for ever."""
    last_day, over = an_offer(expires_on=date(2026, 11, 23)), an_offer(expires_on=date(2026, 11, 22))

    valid = await page_of(InMemoryDashboard(), request_made, last_day)
    expired = await page_of(InMemoryDashboard(), request_made, over)
    sent = await page_of(InMemoryDashboard(), a_request(), over)

    task, mail = "この金額は案内せず", "送られません（有効期限切れ）"
    assert [task in text(page) for page in (valid, expired, sent)] == [False, True, False]
    assert [mail in text(page) for page in (valid, expired, sent)] == [False, True, False]


@pytest.mark.parametrize(
    ("facts", "mark"),
    [
        pytest.param([an_offer()], "送付待ち", id="it can be sent"),
        pytest.param([an_offer(expires_on=date(2026, 11, 22))], "送付待ち（有効期限切れ）", id="it cannot any more"),
        pytest.param([an_offer(), a_release()], None, id="released"),
        pytest.param([an_offer(), a_decision()], None, id="another revision is on its way"),
        pytest.param([an_offer(), an_approval_asked()], None, id="a premium waits for approval"),
        pytest.param([an_offer(), a_hold()], None, id="on hold"),
        pytest.param([an_offer(), a_closing()], None, id="closed"),
    ],
)
async def test_the_list_marks_what_the_page_of_the_case_marks(facts: list[Fact], mark: str | None) -> None:
    dashboard = InMemoryDashboard()
    page = await page_of(dashboard, a_request(product="by-desk"), *facts)

    async with dashboard.browser() as browser:
        listed, of_tab = await browser.get("/"), await browser.get("/?tab=check")

    marks = [re.findall(r'tag--check">(送付待ち[^<]*)<', one.text) for one in (page, listed)]
    assert marks == [[mark] if mark else []] * 2
    assert ("K7M2P4XR" in of_tab.text) is bool(mark)


async def test_releasing_decides_once_and_leads_back_to_the_case() -> None:
    dashboard = InMemoryDashboard()
    await page_of(dashboard, a_request(product="by-desk"), an_offer())

    first, again = await release(dashboard), await release(dashboard)

    assert [(response.status_code, response.headers["location"]) for response in (first, again)] == [
        (303, f"/cases/{REQUEST}#take-back")
    ] * 2
    assert [act for act in dashboard.audit.acts if act[0] == "released-quote"] == [("released-quote", "desk", REQUEST)]
    assert BUTTON not in (await page_of(dashboard)).text


async def test_a_revision_that_arrived_meanwhile_is_not_released_unseen() -> None:
    dashboard = InMemoryDashboard()
    await page_of(dashboard, a_request(product="by-desk"), an_offer(), an_offer(99_000, revision=2))

    response = await release(dashboard, f"{REQUEST}:r1")

    assert response.status_code == 409
    assert "この見積りは送付できません" in text(response)


async def test_a_quote_that_staff_have_changed_is_not_sent_while_the_next_is_awaited_and_the_page_says_why() -> None:
    """Staff had decided on revision 2, and the button for revision 1 was still there, without a word.

    The customer must not get the terms that somebody has just changed.
    """
    dashboard = InMemoryDashboard()
    page = await page_of(dashboard, a_request(product="by-desk"), an_offer(), a_decision())

    response = await release(dashboard)
    arrived = await page_of(dashboard, an_offer(99_000, revision=2))

    assert BUTTON not in page.text
    assert "職員が依頼した第2版が、まだ届いていません" in text(page)
    assert response.status_code == 409
    assert BUTTON in arrived.text
    assert "まだ届いていません" not in text(arrived)


async def test_a_quote_that_expires_while_the_next_is_awaited_is_no_second_task() -> None:
    facts: list[Fact] = [a_request(product="by-desk"), an_offer(expires_on=date(2026, 11, 22)), a_decision()]

    page = await page_of(InMemoryDashboard(), *facts)

    assert "まだ届いていません" in text(page)
    assert "見積もり直してください" not in text(page)


async def test_what_a_colleague_took_back_is_not_sent_again_by_a_page_from_before() -> None:
    """The second tab, or a double click that came late, sent what somebody had just stopped."""
    dashboard = InMemoryDashboard()
    await page_of(dashboard, a_request(product="by-desk"), an_offer())

    await release(dashboard, seen=0)
    await take_back(dashboard)
    late = await release(dashboard, seen=0)
    looked = await release(dashboard)

    assert (late.status_code, looked.status_code) == (409, 303)
    assert RELEASE_PROBLEMS["overtaken"] in text(late)
    assert "desk が見積りの送付の承認を取り消しました" in text(late)
    assert BUTTON in late.text
    assert len(releases(dashboard)) == 1


@pytest.mark.parametrize("form", [{}, {"seen": ""}, {"seen": "first"}])
async def test_a_page_from_before_an_update_says_nothing_of_what_it_showed_and_is_shown_again(
    form: dict[str, str],
) -> None:
    dashboard = InMemoryDashboard()
    await page_of(dashboard, a_request(product="by-desk"), an_offer())

    async with dashboard.browser() as browser:
        answer = await browser.post(
            f"/cases/{REQUEST}/release", data={"quote_id": f"{REQUEST}:r1"} | form, headers=FROM_OWN_PAGE
        )

    assert answer.status_code == 409
    assert BUTTON in answer.text
    assert releases(dashboard) == []


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        pytest.param([a_closing()], "closed", id="closed"),
        pytest.param([a_decision()], "awaited", id="another revision is awaited"),
        pytest.param([an_approval_asked()], "proposed", id="a premium waits for approval"),
        pytest.param([an_assignment()], None, id="somebody took it"),
        pytest.param([an_approval_asked(), a_refusal()], None, id="a premium was not approved"),
    ],
)
async def test_a_quote_is_sent_only_while_nothing_about_it_is_open_or_over(
    facts: list[Fact], problem: ReleaseProblem | None
) -> None:
    dashboard = InMemoryDashboard()
    page = await page_of(dashboard, a_request(product="by-desk"), an_offer(), *facts)

    answer = await release(dashboard)

    assert (BUTTON in page.text) == (problem is None)
    assert answer.status_code == (409 if problem else 303)
    assert problem is None or RELEASE_PROBLEMS[problem] in text(answer)
    assert len(releases(dashboard)) == (0 if problem else 1)


async def test_the_page_says_why_a_quote_waits_while_a_premium_waits_for_approval() -> None:
    page = await page_of(InMemoryDashboard(), a_request(product="by-desk"), an_offer(), an_approval_asked())

    assert "それまで、いまの見積り（第1版、67,000円）は送付できません" in text(page)


@dataclass
class DecidesFirst(InMemoryDecisions):
    """Somebody decides something between the look at the case and the release."""

    first: Decided = field(default_factory=a_release)

    async def add(self, decision: Decided, *, after: int | None = None, held_for: timedelta = TAKE_BACK) -> Added:
        if isinstance(decision, QuoteReleased):
            await super().add(self.first, after=0)
        return await super().add(decision, after=after, held_for=held_for)


def overtaken_by(fact: Decided) -> InMemoryDashboard:
    cases = InMemoryCases()
    return InMemoryDashboard(cases=cases, stored_decisions=DecidesFirst(cases, first=fact))


@pytest.mark.parametrize("fact", [a_decision(), a_closing()])
async def test_a_release_and_another_decision_at_the_same_moment_exclude_each_other(fact: Decided) -> None:
    """Somebody asked for another revision while the old one was on its way to the database: both were true."""
    dashboard = overtaken_by(fact)
    await page_of(dashboard, a_request(product="by-desk"), an_offer())

    answer = await release(dashboard, seen=0)

    assert answer.status_code == 409
    assert RELEASE_PROBLEMS["overtaken"] in text(answer)
    assert releases(dashboard) == []


async def test_two_who_release_at_the_same_moment_have_both_what_they_wanted() -> None:
    dashboard = overtaken_by(a_release())
    await page_of(dashboard, a_request(product="by-desk"), an_offer())

    answer = await release(dashboard, seen=0)

    assert answer.status_code == 303
    assert releases(dashboard) == [a_release()]
