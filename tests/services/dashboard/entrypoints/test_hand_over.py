"""An offer that the customer takes goes to the insurer: one file with all that they need, and 引き渡し済 after it."""

import csv
import io
import json
from datetime import date
from typing import Any, Final

import pytest
from httpx import Response
from openpyxl import load_workbook

from services.dashboard.domain.facts import Fact
from tests.services.dashboard.builders import (
    REQUEST,
    a_closing,
    a_correction,
    a_decision,
    a_hold,
    a_referral,
    a_request,
    an_offer,
)
from tests.services.dashboard.entrypoints.test_correct_answers import SENT
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, text

pytestmark = pytest.mark.anyio

CASE: Final = f"/cases/{REQUEST}"
CORRECTED: Final = a_decision(content={"reason": "電話", "answers": {"turnover": 800_000, "d3_02_a": None}})
FORMULA: Final = "=HYPERLINK(0)"


async def a_desk(*facts: Fact) -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in facts:
        await dashboard.cases.add(fact)
    return dashboard


async def file_of(kind: str, *facts: Fact) -> Response:
    async with (await a_desk(*facts)).browser() as browser:
        return await browser.get(f"{CASE}/hand-over.{kind}")


def rows_of(answer: Response) -> dict[str, list[str]]:
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    return {row[4]: row for row in rows[1:]}


async def test_the_table_has_the_offer_the_contact_and_the_answers_that_were_priced() -> None:
    answer = await file_of("csv", a_request(answers=SENT), an_offer(), CORRECTED, an_offer(93_000, revision=2))

    rows = rows_of(answer)
    assert answer.headers["content-disposition"] == 'attachment; filename="mitsumori-K7M2P4XR-2.csv"'
    assert rows["quote_no"][2:4] == ["見積番号", "K7M2P4XR-2"]
    assert rows["premium"][3] == "93000"
    assert rows["company"][3] == "株式会社カナリア商会"
    assert rows["turnover"][3:] == ["800,000千円（8億円）", "turnover", "800000"]
    assert "d3_02_a" not in rows
    assert rows.keys() >= SENT.keys() - {"d3_02_a"}


async def test_a_program_gets_the_same_as_json() -> None:
    answer = await file_of(
        "json", a_request(answers=SENT), an_offer(), CORRECTED, an_offer(93_000, revision=2), a_correction()
    )

    found: dict[str, Any] = json.loads(answer.content)
    assert (found["quote_no"], found["premium_yen"], found["answers"]["turnover"]) == ("K7M2P4XR-2", 93_000, 800_000)
    assert found["cover"]["plan"] == "basic"
    assert found["contact"]["email"] == "right@canary.example.jp"
    assert "company" not in found["answers"]


async def test_what_was_typed_never_becomes_a_formula_and_a_telephone_number_stays_whole() -> None:
    request = a_request(answers=SENT | {"incidents_note": FORMULA}, company=FORMULA, phone="0312345678")

    rows = rows_of(await file_of("csv", request, an_offer()))
    sheet = load_workbook(io.BytesIO((await file_of("xlsx", request, an_offer())).content)).active

    assert [rows[key][3] for key in ("company", "incidents_note", "phone")] == [f"'{FORMULA}"] * 2 + ["'0312345678"]
    assert sheet is not None
    cells = {row[4].value: row[3] for row in sheet.iter_rows()}
    assert [(cells[key].value, cells[key].data_type) for key in ("company", "phone")] == [
        (FORMULA, "s"),
        ("0312345678", "s"),
    ]


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param([], id="no quote yet"),
        pytest.param([a_referral()], id="a referral"),
        pytest.param([an_offer(), CORRECTED], id="the next revision is on its way"),
        pytest.param([an_offer(), a_decision(), an_offer(revision=2)], id="a decision that only rating can read"),
    ],
)
async def test_what_the_customer_was_not_offered_is_not_handed_over(facts: list[Fact]) -> None:
    dashboard = await a_desk(a_request(answers=SENT), *facts)

    async with dashboard.browser() as browser:
        answer = await browser.get(f"{CASE}/hand-over.csv")

    assert answer.status_code == 404
    assert "handed-over-case" not in [act for act, _, _ in dashboard.audit.acts]


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param([an_offer()], id="not released"),
        pytest.param([an_offer(), a_hold()], id="on hold"),
        pytest.param([an_offer(expires_on=date(2026, 11, 22))], id="not released until it expired"),
    ],
)
async def test_nor_is_a_quote_that_the_customer_does_not_have(facts: list[Fact]) -> None:
    request = a_request(product="by-desk", answers=SENT)

    answer = await file_of("csv", request, *facts)

    assert answer.status_code == 404


async def test_who_got_the_file_is_recorded_and_nothing_is_given_out_without() -> None:
    dashboard = await a_desk(a_request(answers=SENT), an_offer())

    async with dashboard.browser() as browser:
        await browser.get(f"{CASE}/hand-over.json")
        dashboard.audit.away = True
        refused = await browser.get(f"{CASE}/hand-over.json")

    assert ("handed-over-case", "desk", REQUEST) in dashboard.audit.acts
    assert refused.status_code == 503


async def test_the_case_offers_the_file_and_then_says_when_it_was_handed_over() -> None:
    dashboard = await a_desk(a_request(answers=SENT), an_offer())

    async with dashboard.browser() as browser:
        before = await browser.get(CASE)
        work = {"kind": "close", "outcome": "handed-over", "seen": "0"}
        await browser.post(f"{CASE}/work", data=work, headers=FROM_OWN_PAGE)
        after = await browser.get(CASE)

    assert [f"{CASE}/hand-over.csv" in page.text for page in (before, after)] == [True, True]
    assert ["引き渡し済にする" in page.text for page in (before, after)] == [True, False]
    assert "引き渡し済： 11月23日 12:10 （desk）" in text(after)


async def test_a_case_that_ended_otherwise_offers_no_file() -> None:
    dashboard = await a_desk(a_request(answers=SENT), an_offer(), a_closing(outcome="not-taken-up"))

    async with dashboard.browser() as browser:
        page, file = await browser.get(CASE), await browser.get(f"{CASE}/hand-over.csv")

    assert "hand-over.csv" not in page.text
    assert file.status_code == 404
