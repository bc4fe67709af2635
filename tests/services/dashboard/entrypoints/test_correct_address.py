"""The customer's mail address was wrong: staff correct it, and the page says which letter went where."""

import re
from datetime import timedelta
from typing import Any

import pytest

from services.dashboard.domain.facts import Fact
from services.dashboard.domain.token import Scope
from services.dashboard.entrypoints.web.work_wording import PROBLEMS
from shared.events import AddressCorrected, LetterFailed, LetterSent
from tests.services.dashboard.builders import (
    CONTACT,
    NOON,
    OPENER,
    REQUEST,
    a_correction,
    a_letter_failed,
    a_letter_sent,
    a_request,
    an_offer,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, text

pytestmark = pytest.mark.anyio

CASE = f"/cases/{REQUEST}"
NEW = "right@canary.example.jp"
OLD = CONTACT["email"]


async def a_desk(*facts: Fact) -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in (a_request(), an_offer(), *facts):
        await dashboard.cases.add(fact)
    return dashboard


async def correct(dashboard: InMemoryDashboard, email: str) -> Any:  # noqa: ANN401  # httpx's response
    async with dashboard.browser() as browser:
        data = {"kind": "address", "seen": "0", "email": email}
        return await browser.post(f"{CASE}/work", data=data, headers=FROM_OWN_PAGE)


async def page(dashboard: InMemoryDashboard) -> str:
    async with dashboard.browser() as browser:
        return text(await browser.get(CASE))


def corrected(letter: LetterSent | LetterFailed) -> LetterSent | LetterFailed:
    return letter.model_copy(
        update={"corrected_by": a_correction().decision_id, "letter_id": f"{letter.letter_id}:new"}
    )


async def test_the_new_address_goes_sealed_to_notify_and_is_shown_on_the_case() -> None:
    dashboard = await a_desk(a_letter_failed("quote"))

    answer = await correct(dashboard, f" {NEW} ")

    [event] = [fact for fact in dashboard.cases.facts.values() if isinstance(fact, AddressCorrected)]
    assert answer.status_code == 303
    assert OPENER.open(event.parcels["desk"]) == {"email": NEW}
    assert set(event.parcels) == {"notify", "desk"}
    assert "canary" not in event.to_json().decode()
    shown = await page(dashboard)
    assert f"desk がメールアドレスを訂正し、メールの再送を依頼しました {NEW}" in shown
    assert "取り消す" in shown


async def test_everybody_who_would_write_to_the_customer_has_the_new_address() -> None:
    """Only the mails had it: a click on the page wrote to the stranger again, and so did whoever had the file."""
    dashboard = await a_desk(a_correction())
    token = await dashboard.token(Scope.CASES_READ, Scope.CASES_CONTACT)

    async with dashboard.browser() as browser:
        case, file = await browser.get(CASE), await browser.get("/export/cases.csv")
        told = await browser.get(f"/api/v1{CASE}", headers=token)
        told_of_all = await browser.get("/api/v1/cases", headers=token)

    assert re.findall(r'href="mailto:([^"?]*)', case.text) == [NEW]
    assert f"{NEW} ご依頼時：「{OLD}」（訂正済み）" in text(case)
    assert [NEW in file.text, OLD in file.text] == [True, False]
    assert told.json()["contact"]["email"] == told_of_all.json()["cases"][0]["contact"]["email"] == NEW


@pytest.mark.parametrize("address", [NEW, OLD])
async def test_the_case_is_found_by_either_address(address: str) -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        await browser.get("/")
        await dashboard.cases.add(a_correction())
        found = await browser.get("/", params={"q": address})

    assert "K7M2P4XR" in found.text


async def test_a_new_request_from_the_right_address_is_seen_to_be_the_same_customers() -> None:
    again = a_request("again", reception_no="AGAIN222", email=NEW, phone="06-9999-0000", at=NOON + timedelta(hours=1))
    dashboard = await a_desk(a_correction(), again)

    async with dashboard.browser() as browser:
        shown = await browser.get("/cases/again")

    assert "K7M2P4XR" in shown.text


async def test_two_requests_with_the_same_wrong_address_stay_the_same_customers_when_one_is_corrected() -> None:
    again = a_request("again", reception_no="AGAIN222", phone="06-9999-0000", at=NOON + timedelta(hours=1))
    dashboard = await a_desk(a_correction(), again)

    async with dashboard.browser() as browser:
        pages = [(await browser.get(CASE)).text, (await browser.get("/cases/again")).text]

    assert ["AGAIN222" in pages[0], "K7M2P4XR" in pages[1]] == [True, True]


async def test_where_the_new_address_cannot_be_read_nobody_is_offered_the_wrong_one() -> None:
    unreadable = a_correction().model_copy(update={"parcels": {}})

    async with (await a_desk(unreadable)).browser() as browser:
        case = await browser.get(CASE)

    assert "mailto:" not in case.text


@pytest.mark.parametrize(
    "email", ["", "nobody", "a b@example.jp", "a@b@example.jp", "花子@example.jp", "x@localhost", f"{'x' * 250}@e.jp"]
)
async def test_what_the_form_would_not_take_is_refused_and_shown_again(email: str) -> None:
    dashboard = await a_desk()

    answer = await correct(dashboard, email)

    assert answer.status_code == 422
    assert PROBLEMS["bad-address"] in text(answer)
    assert f'value="{email}"' in answer.text
    assert not any(isinstance(fact, AddressCorrected) for fact in dashboard.cases.facts.values())


async def test_each_letter_says_which_address_it_went_to() -> None:
    dashboard = await a_desk(
        a_letter_sent("receipt"),
        a_letter_failed("quote"),
        a_letter_sent("desk"),
        a_correction(),
        corrected(a_letter_sent("quote", after=timedelta(minutes=45))),
    )

    shown = await page(dashboard)

    letters = shown[shown.index("このご依頼で送るメール") :]
    assert "見積書（お客さま宛） 訂正前のアドレス 送信失敗（応答 550）" in letters
    assert "見積書（お客さま宛） 訂正後のアドレス 送信済" in letters
    assert "受付のお知らせ（お客さま宛） 訂正後のアドレス 未送信" in letters
    assert "資料請求窓口宛） 送信済" in letters
    assert letters[: letters.index("見積り（第1版）")].count("見積書（お客さま宛） 訂正") == 2


async def test_what_failed_at_the_wrong_address_is_no_task_once_it_is_corrected() -> None:
    failed = a_letter_failed("quote")

    before = await page(await a_desk(failed))
    after = await page(await a_desk(failed, a_correction()))
    again = await page(await a_desk(failed, a_correction(), corrected(failed)))

    assert ["届かなかったメールがあります" in shown for shown in (before, after, again)] == [True, False, True]


async def test_the_case_counts_as_answered_when_the_new_address_has_its_quote() -> None:
    dashboard = await a_desk(
        a_letter_failed("quote"), a_correction(), corrected(a_letter_sent("quote", after=timedelta(minutes=45)))
    )

    case = await dashboard.cases.find(REQUEST)

    assert case is not None
    assert getattr(case, "mail", None) == "sent"
