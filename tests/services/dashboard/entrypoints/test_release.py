"""For some products no quote goes out before a member of staff releases it."""

from datetime import date

import pytest
from httpx import Response

from services.dashboard.domain.facts import Fact
from tests.services.dashboard.builders import REQUEST, a_decision, a_referral, a_release, a_request, an_offer
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, text

pytestmark = pytest.mark.anyio

BUTTON = "お客さまへ送付する"


async def page_of(dashboard: InMemoryDashboard, *facts: Fact) -> Response:
    for fact in facts:
        await dashboard.cases.add(fact)
    async with dashboard.browser() as browser:
        return await browser.get(f"/cases/{REQUEST}")


async def release(dashboard: InMemoryDashboard, quote_id: str = f"{REQUEST}:r1") -> Response:
    async with dashboard.browser() as browser:
        return await browser.post(f"/cases/{REQUEST}/release", data={"quote_id": quote_id}, headers=FROM_OWN_PAGE)


async def test_a_price_of_such_a_product_waits_behind_a_button() -> None:
    page = await page_of(InMemoryDashboard(), a_request(product="by-desk"), an_offer())

    assert BUTTON in page.text
    assert "承認待ち" in page.text


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

    task = "新しい見積りをご手配のうえ"
    assert [task in text(page) for page in (valid, expired, sent)] == [False, True, False]


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
    assert "新しい見積りをご手配" not in text(page)
