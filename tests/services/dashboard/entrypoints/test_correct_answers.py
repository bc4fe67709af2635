"""A customer calls and corrects an answer: staff have the quote made anew for it."""

import re
from typing import Any, Final

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.new_decision import DecisionProblem
from services.dashboard.entrypoints.web.decide_wording import DECISION_PROBLEMS
from services.intake.domain.answers import check
from shared.events import QuoteDecided
from tests.services.dashboard.builders import (
    FOR_RATING,
    OPENER,
    PRODUCT,
    REQUEST,
    a_closing,
    a_decision,
    a_note,
    a_request,
    an_assignment,
    an_offer,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, text
from tests.services.intake import builders as intake

pytestmark = pytest.mark.anyio

CASE: Final = f"/cases/{REQUEST}"
PAGE: Final = f"{CASE}/answers"
REASON: Final = "カナリア様からお電話で訂正"
SENT: Final[dict[str, Any]] = {
    key: value for key, value in check(PRODUCT.form, intake.answers()).answers.items() if key not in intake.CONTACT
}


async def a_desk(*facts: Fact) -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in (a_request(answers=SENT), *facts):
        await dashboard.cases.add(fact)
    return dashboard


def fields_of(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form as it stands."""
    fields: dict[str, list[str]] = {}
    for key, body in re.findall(r'<select id="(answer-[^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        fields[key] = re.findall(r'value="([^"]*)" selected', body) or [""]
    for key, value in re.findall(r'<input id="(answer-[^"]+)"[^>]*? value="([^"]*)"', page):
        fields[key] = [value]
    for key, value in re.findall(r'<textarea id="(answer-[^"]+)"[^>]*>([^<]*)</textarea>', page):
        fields[key] = [value]
    for key, value in re.findall(r'type="checkbox" name="(answer-[^"]+)" value="([^"]*)" checked', page):
        fields.setdefault(key, []).append(value)
    return fields | {"seen": re.findall(r'name="seen" value="(\d+)"', page)}


async def correct(browser: AsyncClient, reason: str = REASON, /, **changes: str | list[str]) -> Response:
    """As a browser would, after typing *changes* into the page."""
    data: dict[str, Any] = fields_of((await browser.get(PAGE)).text)
    data |= {f"answer-{key}": value for key, value in changes.items()}
    return await browser.post(PAGE, data=data | {"reason": reason}, headers=FROM_OWN_PAGE)


def decided(dashboard: InMemoryDashboard) -> list[QuoteDecided]:
    return [fact for fact in dashboard.cases.facts.values() if isinstance(fact, QuoteDecided)]


async def test_rating_is_told_only_the_answers_that_are_new() -> None:
    dashboard = await a_desk(an_offer())

    async with dashboard.browser() as browser:
        answer = await correct(browser, turnover="8億円", industry="wholesale", d3_22=["isms"])

    [event] = decided(dashboard)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{CASE}#take-back")
    assert (event.revision, event.decided_by) == (2, "desk")
    assert FOR_RATING.open(event.parcels["rating"]) == {
        "reason": REASON,
        "answers": {"turnover": 800_000, "d3_22": ["isms"], "industry": "wholesale"},
    }
    assert OPENER.open(event.parcels["desk"]) == FOR_RATING.open(event.parcels["rating"])
    assert "カナリア" not in event.to_json().decode()


async def test_an_answer_that_is_not_asked_any_more_is_taken_away() -> None:
    dashboard = await a_desk(an_offer())

    async with dashboard.browser() as browser:
        await correct(browser, d3_01="no")

    [event] = decided(dashboard)
    assert FOR_RATING.open(event.parcels["rating"])["answers"] == {
        "d3_01": "no",
        "d3_01_a": None,
        "d3_01_b": None,
        "d3_01_c": None,
    }


async def test_the_page_has_the_answers_as_they_are_and_neither_contact_nor_cover() -> None:
    earlier = a_decision(content={"reason": "電話", "answers": {"turnover": 800_000, "d3_22": ["isms"]}})
    dashboard = await a_desk(an_offer(), earlier, an_offer(revision=2))

    async with dashboard.browser() as browser:
        fields = fields_of((await browser.get(PAGE)).text)

    assert (fields["answer-turnover"], fields["answer-d3_22"]) == (["800000"], ["isms"])
    assert fields["answer-industry"] == [SENT["industry"]]
    assert not {"answer-plan", "answer-rider_it", "answer-company", "answer-quote", "answer-privacy_consent"} & {
        *fields
    }


async def test_when_a_question_is_asked_stands_between_its_name_and_its_field() -> None:
    """Below the field it was read as a hint about the next question."""
    dashboard = await a_desk(an_offer())

    async with dashboard.browser() as browser:
        page = (await browser.get(PAGE)).text

    hints = re.findall(r'id="(answer-[^"]+)-when">[^<]+のときだけ回答します。</span>', page)
    assert hints
    for key in hints:
        hint, field = page.index(f'id="{key}-when"'), page.index(f'name="{key}"')
        assert page.rindex("</p>", 0, field) < hint < field


async def test_the_second_correction_is_told_beside_the_first() -> None:
    earlier = a_decision(content={"reason": "電話", "answers": {"turnover": 800_000}})
    dashboard = await a_desk(an_offer(), earlier, an_offer(revision=2))

    async with dashboard.browser() as browser:
        await correct(browser, d3_08="no" if SENT["d3_08"] == "yes" else "yes")

    event = decided(dashboard)[-1]
    assert event.revision == 3
    assert list(FOR_RATING.open(event.parcels["rating"])["answers"]) == ["d3_08"]


async def test_everything_that_is_wrong_is_said_at_once_in_the_words_of_the_form_and_typed_text_stays() -> None:
    dashboard = await a_desk(an_offer())

    async with dashboard.browser() as browser:
        answer = await correct(browser, "", turnover="5億くらい", d3_08="", incidents="yes")
        page = text(answer)

    assert answer.status_code == 422
    assert decided(dashboard) == []
    assert "理由を入力してください。" in page
    assert "ひとつの金額を 千円単位で" in page
    assert [f'href="#answer-{key}"' in answer.text for key in ("turnover", "incidents_note", "d3_08", "d3_09")] == [
        True,
        True,
        True,
        False,
    ]
    assert fields_of(answer.text)["answer-turnover"] == ["5億くらい"]
    assert 'aria-describedby="answer-turnover-problem"' in answer.text


async def test_nothing_changed_is_no_correction() -> None:
    dashboard = await a_desk(an_offer())

    async with dashboard.browser() as browser:
        answer = await correct(browser)

    assert answer.status_code == 422
    assert "ご回答が変わっていません" in text(answer)
    assert decided(dashboard) == []


async def test_what_a_colleague_has_decided_meanwhile_is_not_overwritten_and_the_text_stays() -> None:
    dashboard = await a_desk(an_offer())

    async with dashboard.browser() as browser:
        data: dict[str, Any] = fields_of((await browser.get(PAGE)).text) | {
            "reason": REASON,
            "answer-turnover": "8億円",
        }
        await dashboard.cases.add(an_assignment())
        answer = await browser.post(PAGE, data=data, headers=FROM_OWN_PAGE)
        again = fields_of(answer.text) | {"reason": [REASON]}
        second = await browser.post(PAGE, data=again, headers=FROM_OWN_PAGE)

    assert answer.status_code == 409
    assert "保存していません。" in text(answer)
    assert (again["answer-turnover"], again["seen"]) == (["8億円"], ["1"])
    assert second.status_code == 303


async def test_the_case_shows_what_was_corrected_beside_what_was_sent() -> None:
    content = {"reason": REASON, "answers": {"turnover": 800_000, "d3_01_a": None, "incidents_note": "昨年に一度"}}
    dashboard = await a_desk(an_offer(), a_decision(content=content), an_offer(revision=2))

    async with dashboard.browser() as browser:
        page = text(await browser.get(CASE))

    assert f"500,000千円（5億円） 訂正後 800,000千円（8億円） hanako、 11月23日 12:07 、理由：{REASON}" in page
    assert "訂正後 対象外 hanako" in page
    assert "訂正で加わったご回答" in page
    assert "： 800,000千円（8億円） に訂正" in page


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        pytest.param([], "no-quote", id="no quote yet"),
        pytest.param([an_offer(), a_closing()], "closed", id="closed"),
        pytest.param(
            [an_offer(), a_decision(content={"reason": "x", "premium": 1})], "awaited", id="the next is on its way"
        ),
    ],
)
async def test_where_no_revision_can_be_made_the_page_says_why(facts: list[Fact], why: DecisionProblem) -> None:
    dashboard = await a_desk(*facts)

    async with dashboard.browser() as browser:
        page = await browser.get(PAGE)
        case = await browser.get(CASE)
        answer = await browser.post(
            PAGE, data={"seen": str(len(facts[1:]))} | {"reason": REASON}, headers=FROM_OWN_PAGE
        )

    assert f"いまは、ご回答を訂正して見積もることができません。{DECISION_PROBLEMS[why]}" in text(page)
    assert f'href="{PAGE}"' not in case.text
    assert answer.status_code == 422


async def test_whoever_opens_the_page_is_recorded() -> None:
    dashboard = await a_desk(an_offer(), a_note())

    async with dashboard.browser() as browser:
        await browser.get(PAGE)

    assert "opened-case" in [act for act, _, _ in dashboard.audit.acts]
