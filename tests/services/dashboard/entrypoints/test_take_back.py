"""For a few seconds staff can take back what would go out to the customer."""

from datetime import timedelta

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.facts import Fact
from shared.events import DecisionWithdrawn, QuoteDecided, QuoteReleased, RequestReleased
from tests.services.dashboard.builders import COVER, REQUEST, a_request, an_offer
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, InMemoryDecisions, text

pytestmark = pytest.mark.anyio

CASE = f"/cases/{REQUEST}"
BY_DESK = a_request(product="by-desk", answers=COVER)
HELD = a_request(suspicions=("honeypot",), answers=COVER)
ORDINARY = a_request(answers=COVER)
RELEASE = ("release", {"quote_id": f"{REQUEST}:r1", "seen": "0"})
RELEASE_MAILS: tuple[str, dict[str, str]] = ("release-mails", {"seen": "0"})
DECIDE = ("decide", {"kind": "premium", "premium": "70000", "reason": "本社の承認", "seen": "0"})


async def a_desk(*facts: Fact) -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in facts:
        await dashboard.cases.add(fact)
    return dashboard


async def send(browser: AsyncClient, what: tuple[str, dict[str, str]]) -> Response:
    path, data = what
    return await browser.post(f"{CASE}/{path}", data=data, headers=FROM_OWN_PAGE)


async def take_back(browser: AsyncClient, decision_id: str) -> Response:
    return await send(browser, ("take-back", {"decision_id": decision_id}))


def id_on(page: str) -> str:
    """What the page's button would send."""
    return page.partition('name="decision_id" value="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("request_made", "what", "kind", "said", "taken_back"),
    [
        pytest.param(
            BY_DESK,
            RELEASE,
            QuoteReleased,
            "desk が見積りの送付を承認しました",
            "desk が見積りの送付の承認を取り消しました（送付していません）",
            id="a release",
        ),
        pytest.param(
            HELD,
            RELEASE_MAILS,
            RequestReleased,
            "desk がお客さまへのメールの送信を許可しました",
            "desk がメールの送信の許可を取り消しました（送信していません）",
            id="a release of mails",
        ),
        pytest.param(
            ORDINARY,
            DECIDE,
            QuoteDecided,
            "desk が見積りの見直しを依頼しました",
            "desk が見積りの見直しの依頼を取り消しました",
            id="another revision",
        ),
    ],
)
async def test_what_goes_out_can_be_taken_back_and_done_again(
    request_made: Fact, what: tuple[str, dict[str, str]], kind: type[Fact], said: str, taken_back: str
) -> None:
    dashboard = await a_desk(request_made, an_offer())

    async with dashboard.browser() as browser:
        await send(browser, what)
        offered = (await browser.get(CASE)).text
        dashboard.time += timedelta(seconds=8)
        answer = await take_back(browser, id_on(offered))
        after = text(await browser.get(CASE))
        again = await send(browser, (what[0], what[1] | {"seen": "2"}))

    assert f"{said}。" in offered
    assert ">12:10:09</time> までは取り消せます" in offered
    assert answer.status_code == 303
    assert taken_back in after
    assert "取り消す" not in after
    assert again.status_code == 303
    assert [type(fact) for fact in dashboard.cases.facts.values()][-2:] == [DecisionWithdrawn, kind]
    assert ("took-back", "desk", REQUEST) in dashboard.audit.acts


async def test_a_second_before_the_end_it_stands() -> None:
    dashboard = await a_desk(BY_DESK, an_offer())

    async with dashboard.browser() as browser:
        await send(browser, RELEASE)
        button = id_on((await browser.get(CASE)).text)
        dashboard.time += timedelta(seconds=9)
        page = text(await browser.get(CASE))
        late = await take_back(browser, button)

    assert "取り消す" not in page
    assert late.status_code == 409
    assert "取り消せませんでした" in text(late)
    assert f"{REQUEST}:r1:released" in dashboard.cases.facts


async def test_of_two_who_take_it_back_the_second_is_told() -> None:
    dashboard = await a_desk(BY_DESK, an_offer())

    async with dashboard.browser() as browser:
        await send(browser, RELEASE)
        button = id_on((await browser.get(CASE)).text)
        first, second = await take_back(browser, button), await take_back(browser, button)

    assert (first.status_code, second.status_code) == (303, 409)


@pytest.mark.parametrize("decision_id", ["", "nothing", REQUEST, f"{REQUEST}:r1"])
async def test_nothing_else_can_be_taken_back(decision_id: str) -> None:
    dashboard = await a_desk(BY_DESK, an_offer())
    before = dict(dashboard.cases.facts)

    async with dashboard.browser() as browser:
        answer = await take_back(browser, decision_id)
        elsewhere = await browser.post(
            "/cases/nobody/take-back", data={"decision_id": decision_id}, headers=FROM_OWN_PAGE
        )

    assert (answer.status_code, elsewhere.status_code) == (409, 409)
    assert dashboard.cases.facts == before


async def test_somebody_elses_decision_in_between_does_not_stand_in_the_way() -> None:
    dashboard = await a_desk(BY_DESK, an_offer())

    async with dashboard.browser() as browser:
        await send(browser, RELEASE)
        assert isinstance(dashboard.decisions, InMemoryDecisions)
        dashboard.decisions.taken.add((REQUEST, 1))
        overtaken = await take_back(browser, f"{REQUEST}:r1:released")
        dashboard.decisions.taken.clear()
        done = await take_back(browser, f"{REQUEST}:r1:released")

    assert (overtaken.status_code, done.status_code) == (409, 303)
