"""A held request: no mail goes to its contact before a member of staff says so."""

from typing import Any

import pytest
from httpx import Response

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.new_release import ReleaseProblem
from services.dashboard.entrypoints.web.decide_wording import RELEASE_PROBLEMS
from services.dashboard.entrypoints.web.wording import SUSPICIONS
from shared.events import RequestReleased
from tests.services.dashboard.builders import (
    BY_DESK,
    NOON,
    REQUEST,
    a_closing,
    a_decision,
    a_letter_sent,
    a_referral,
    a_release,
    a_release_of_mails,
    a_request,
    an_approval_asked,
    an_offer,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, text

pytestmark = pytest.mark.anyio

BUTTON = ">メールの送信を許可する</button>"
TAG = '<span class="tag tag--check">メール停止中</span>'
BUTTON_FOR_QUOTE = ">お客さまへ送付する</button>"


def a_held_request(**changes: Any) -> Fact:  # noqa: ANN401  # of the builder
    return a_request(suspicions=("honeypot",), **changes)


async def page_of(dashboard: InMemoryDashboard, *facts: Fact, path: str = f"/cases/{REQUEST}") -> Response:
    for fact in facts:
        await dashboard.cases.add(fact)
    async with dashboard.browser() as browser:
        return await browser.get(path)


async def press(dashboard: InMemoryDashboard, what: str = "release-mails", **fields: str) -> Response:
    """As the page would that is shown now, unless *fields* say what it showed."""
    async with dashboard.browser() as browser:
        page = (await browser.get(f"/cases/{REQUEST}")).text
        seen = {"seen": page.partition('name="seen" value="')[2].partition('"')[0]}
        return await browser.post(f"/cases/{REQUEST}/{what}", data=seen | fields, headers=FROM_OWN_PAGE)


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param([a_held_request()], id="before its quote"),
        pytest.param([a_held_request(quote=False)], id="documents only"),
        pytest.param([a_held_request(), a_referral()], id="referred"),
        pytest.param([a_held_request(), an_offer()], id="offered"),
    ],
)
async def test_a_held_request_waits_behind_one_button_with_the_reasons_beside_it(facts: list[Fact]) -> None:
    """Only a quote had a button: brochures and referrals of a held request could never be sent."""
    page = await page_of(InMemoryDashboard(), *facts)

    assert page.text.count(BUTTON) == 1
    assert BUTTON_FOR_QUOTE not in page.text
    assert page.text.index(SUSPICIONS["honeypot"]) < page.text.index(BUTTON)
    assert TAG in page.text


async def test_the_list_shows_which_requests_are_held_until_they_are_released() -> None:
    dashboard = InMemoryDashboard()
    before = await page_of(dashboard, a_held_request(), path="/")

    after = await page_of(dashboard, a_release_of_mails(), path="/")

    assert TAG in before.text
    assert TAG not in after.text


async def test_letting_the_mails_go_decides_once_and_the_case_shows_who_and_when() -> None:
    dashboard = InMemoryDashboard()
    await page_of(dashboard, a_held_request(), an_offer())

    first, again = await press(dashboard), await press(dashboard)

    box = f"/cases/{REQUEST}#take-back"
    assert [(one.status_code, one.headers["location"]) for one in (first, again)] == [(303, box)] * 2
    [decision] = [fact for fact in dashboard.cases.facts.values() if isinstance(fact, RequestReleased)]
    assert (decision.released_by, decision.released_at) == ("desk", dashboard.time)
    assert [act for act in dashboard.audit.acts if act[0] == "released-mails"] == [("released-mails", "desk", REQUEST)]
    after = await page_of(dashboard)
    page = text(after)
    assert BUTTON not in after.text
    assert "desk が 11月23日 12:10 にメールの送信を許可しました" in page
    assert "desk がお客さまへのメールの送信を許可しました" in page


async def test_where_staff_send_every_quote_the_request_comes_first_and_its_quote_separately() -> None:
    """The two are different questions: is this a real customer, and is this the right price?"""
    dashboard = InMemoryDashboard()
    held = await page_of(dashboard, a_held_request(product=BY_DESK.slug), an_offer())
    too_early = await press(dashboard, "release", quote_id=f"{REQUEST}:r1")

    await press(dashboard)

    released = await page_of(dashboard)
    assert (BUTTON in held.text, BUTTON_FOR_QUOTE in held.text) == (True, False)
    assert too_early.status_code == 409
    assert (BUTTON in released.text, BUTTON_FOR_QUOTE in released.text) == (False, True)


async def test_a_quote_that_was_released_before_there_was_this_button_lets_the_request_go_too() -> None:
    page = await page_of(InMemoryDashboard(), a_held_request(), an_offer(), a_release())

    assert BUTTON not in page.text
    assert TAG not in page.text


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param([a_request(suspicions=("no-start",))], id="suspicious, but not held"),
        pytest.param([a_request(), an_offer()], id="an ordinary request"),
        pytest.param([], id="no request"),
    ],
)
async def test_what_is_not_held_cannot_be_released(facts: list[Fact]) -> None:
    dashboard = InMemoryDashboard()
    page = await page_of(dashboard, *facts)

    response = await press(dashboard)

    assert BUTTON not in page.text
    assert response.status_code == 409
    assert list(dashboard.cases.facts.values()) == facts


@pytest.mark.parametrize(
    ("facts", "problem", "said"),
    [
        pytest.param([a_closing()], "closed", "メール停止中のまま、対応を終えています", id="closed"),
        pytest.param([an_offer(), a_decision()], "awaited", "第2版の見積りが届くまで", id="a revision is awaited"),
        pytest.param(
            [an_offer(), an_approval_asked()], "proposed", "承認待ちのため", id="a premium waits for approval"
        ),
    ],
)
async def test_nothing_is_let_go_of_a_closed_case_nor_a_price_that_is_about_to_change(
    facts: list[Fact], problem: ReleaseProblem, said: str
) -> None:
    """A case was closed as a joke, and the button of a page from before let its mails go out."""
    dashboard = InMemoryDashboard()
    page = await page_of(dashboard, a_held_request(), *facts)

    stale, looked = await press(dashboard, seen="0"), await press(dashboard)

    assert BUTTON not in page.text
    assert said in text(page)
    assert (stale.status_code, looked.status_code) == (409, 409)
    assert RELEASE_PROBLEMS["overtaken"] in text(stale)
    assert RELEASE_PROBLEMS[problem] in text(looked)
    assert not [fact for fact in dashboard.cases.facts.values() if isinstance(fact, RequestReleased)]


async def test_what_somebody_took_back_is_not_let_go_again_by_a_page_from_before() -> None:
    dashboard = InMemoryDashboard()
    await page_of(dashboard, a_held_request())

    await press(dashboard, seen="0")
    taken_back = await press(dashboard, "take-back", decision_id=f"{REQUEST}:mails-released")
    again = await press(dashboard, seen="0")

    assert (taken_back.status_code, again.status_code) == (303, 409)
    assert BUTTON in again.text


async def test_letters_to_the_contact_are_held_and_those_to_the_desk_are_not() -> None:
    page = text(await page_of(InMemoryDashboard(), a_held_request(at=NOON), an_offer(), a_letter_sent("desk")))

    assert "受付のお知らせ（お客さま宛） 停止中" in page
    assert "見積書（お客さま宛） 停止中" in page
    assert "受付内容の通知（資料請求窓口宛） 送信済" in page
