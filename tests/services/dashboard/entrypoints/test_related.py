"""A customer who sends twice is one customer: their cases know of each other."""

from datetime import timedelta
from typing import Final

import pytest

from services.dashboard.domain.facts import Fact
from shared.events import CaseClosed, LetterSent, RequestReceived
from tests.services.dashboard.builders import (
    NOON,
    REQUEST,
    a_closing,
    a_correction,
    a_letter_sent,
    a_note,
    a_reopening,
    a_request,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, get, text

pytestmark = pytest.mark.anyio

CASE: Final = f"/cases/{REQUEST}"
OTHER: Final = "/cases/second"
SECOND: Final = a_request("second", reception_no="SECND234", at=NOON + timedelta(days=3))
HINT: Final = "前後30日以内に"


def closed_for(request_id: str = REQUEST) -> CaseClosed:
    return a_closing("second", "duplicate").model_copy(update={"same_as": request_id})


def a_second(**changes: object) -> RequestReceived:
    """The same customer's, with other ways to reach them unless *changes* say so."""
    contact = {"email": "other@example.jp", "phone": "03-9876-5432"} | changes
    return a_request(
        "second",
        reception_no="SECND234",
        **{"at": NOON + timedelta(days=3)} | contact,  # type: ignore[arg-type]  # any of its words
    )


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(a_second(email="HANAKO@canary.example.jp"), id="the same mail address, in capitals"),
        pytest.param(a_second(phone="０３（１２３４）５６７８"), id="the same telephone, written otherwise"),
        pytest.param(a_second(phone="090-1111-2222 / 03-1234-5678"), id="one of two numbers"),
    ],
)
async def test_a_request_of_the_same_customer_is_pointed_out_on_both(second: Fact) -> None:
    dashboard = InMemoryDashboard()

    first_page = await get(CASE, a_request(), second, dashboard=dashboard)
    second_page = await get(OTHER, dashboard=dashboard)

    assert HINT in text(first_page)
    assert f'href="{OTHER}"' in first_page.text
    assert f'href="{CASE}"' in second_page.text
    assert ("desk", ["second"]) in [(account, list(seen)) for account, seen in dashboard.audit.seen]


async def test_two_addresses_that_nobody_can_read_are_not_the_same() -> None:
    """One was closed for the other, and is open again: nothing says any more that they are one customer's."""
    unreadable = [
        a_correction().model_copy(update={"request_id": one, "decision_id": f"{one}:corrected", "parcels": {}})
        for one in (REQUEST, "second")
    ]

    page = await get(CASE, a_request(), a_second(), closed_for(), a_reopening("second"), *unreadable)

    assert HINT not in text(page)


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(a_second(), id="another mail and another telephone"),
        pytest.param(a_second(email="hanako@canary.example.jp", product="by-desk"), id="another product"),
        pytest.param(a_second(email="hanako@canary.example.jp", at=NOON + timedelta(days=31)), id="a month later"),
        pytest.param(a_second(email="taro@canary.example.jp"), id="a colleague of the same company"),
    ],
)
async def test_what_is_another_wish_is_not(second: Fact) -> None:
    page = await get(CASE, a_request(), second)

    assert HINT not in text(page)
    assert f'href="{OTHER}"' not in page.text


async def test_who_closes_a_duplicate_finds_each_from_the_other_with_its_letters_and_notes() -> None:
    letter = LetterSent(
        **a_letter_sent("receipt").model_dump() | {"request_id": "second", "letter_id": "second:receipt"}
    )
    dashboard = InMemoryDashboard()
    for fact in (a_request(), SECOND, letter, a_note("second", "先にお電話あり"), closed_for()):
        await dashboard.cases.add(fact)

    closed = await get(OTHER, dashboard=dashboard)
    going_on = await get(CASE, dashboard=dashboard)

    assert "続きは、こちらで対応します" in text(closed)
    assert f'href="{CASE}"' in closed.text
    assert HINT not in text(closed)
    assert "重複として終了したご依頼" in text(going_on)
    assert f'href="{OTHER}"' in going_on.text
    assert "先にお電話あり" in text(going_on)
    assert "メール：受付のお知らせ（お客さま宛）、送信済" in text(going_on)
    assert HINT not in text(going_on)


async def test_one_that_was_opened_again_is_no_duplicate_any_more() -> None:
    page = await get(CASE, a_request(), SECOND, closed_for(), a_reopening("second"))

    assert "重複として終了したご依頼" not in text(page)
    assert HINT in text(page)


async def test_the_search_names_the_one_that_goes_on_first() -> None:
    dashboard = InMemoryDashboard()

    before = (await get("/?q=カナリア", a_request(), SECOND, dashboard=dashboard)).text
    after = (await get("/?q=カナリア", closed_for(), dashboard=dashboard)).text

    assert before.index("SECND234") < before.index("K7M2P4XR")
    assert after.index("K7M2P4XR") < after.index("SECND234")


async def test_a_case_is_not_closed_for_one_that_is_a_duplicate_itself() -> None:
    """Both would have ended, each for the other."""
    dashboard = InMemoryDashboard()
    for fact in (a_request(), SECOND, closed_for()):
        await dashboard.cases.add(fact)

    async with dashboard.browser() as browser:
        form = {"kind": "close", "outcome": "duplicate", "same_as": "SECND234", "seen": "0"}
        answer = await browser.post(f"{CASE}/work", data=form, headers=FROM_OWN_PAGE)

    assert answer.status_code == 422
    assert "続けるほうのご依頼の受付番号を入力してください" in text(answer)


async def test_nothing_of_another_case_is_shown_before_it_is_recorded_who_saw_it() -> None:
    dashboard = InMemoryDashboard()
    await get(CASE, a_request(), SECOND, dashboard=dashboard)

    assert ("listed-cases", "desk", None) in dashboard.audit.acts
