"""Lists and figures as files for a spreadsheet."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from services.dashboard.domain.figures import Figure
from services.dashboard.entrypoints.web.tables import Cell, as_csv, as_xlsx
from services.dashboard.usecases.list_cases import PART_SIZE
from tests.services.dashboard.builders import CONTACT, NOON, a_form_count, a_request, an_offer
from tests.services.dashboard.fakes import InMemoryDashboard, get

pytestmark = pytest.mark.anyio

BOM = b"\xef\xbb\xbf"


def rows_of(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(BOM)
    return list(csv.DictReader(io.StringIO(content.removeprefix(BOM).decode(), newline="")))


def cells_of(content: bytes) -> list[tuple[Any, ...]]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [tuple(row) for row in sheet.iter_rows()]


async def each(*rows: Sequence[Cell]) -> AsyncIterator[Sequence[Cell]]:
    for row in rows:
        yield row


async def written(file: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in file])


async def test_the_list_is_a_file_with_japanese_headings() -> None:
    response = await get("/export/cases.csv", a_request(), an_offer(67_000))

    [row] = rows_of(response.content)
    contact = (row["企業名"], row["電話番号"], row["郵便番号"])
    assert row["受付番号"] == "K7M2P4XR"
    assert row["受付日時"] == "2026-11-23 12:00:00"  # JST
    assert contact == (CONTACT["company"], CONTACT["phone"], CONTACT["postal_code"])
    assert (row["状態"], row["保険料（年額・円）"], row["売上高"]) == ("見積済", "67000", "1億円以上5億円未満")
    assert response.headers["content-disposition"] == 'attachment; filename="mitsumori-cases-2026-11-23.csv"'


async def test_a_workbook_has_moments_as_dates_and_amounts_as_numbers() -> None:
    heading, row = cells_of((await get("/export/cases.xlsx", a_request(), an_offer(67_000))).content)

    found = dict(zip([cell.value for cell in heading], [cell.value for cell in row], strict=True))
    assert found["受付日時"] == datetime(2026, 11, 23, 12, 0, 0)  # noqa: DTZ001  # Excel knows no zones
    assert (found["保険料（年額・円）"], found["電話番号"]) == (67_000, CONTACT["phone"])


async def test_the_file_has_what_the_list_is_narrowed_to() -> None:
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request("other", reception_no="OTHER111", quote=False))

    response = await get("/export/cases.csv?state=documents_only", a_request(), dashboard=dashboard)

    assert [row["受付番号"] for row in rows_of(response.content)] == ["OTHER111"]


async def test_every_case_is_in_the_file_once_and_who_got_it_is_recorded() -> None:
    dashboard = InMemoryDashboard()
    for number in range(2 * PART_SIZE + 1):
        await dashboard.cases.add(a_request(f"case-{number:04}", at=NOON + timedelta(seconds=number // 3)))

    response = await get("/export/cases.csv", dashboard=dashboard)

    exported = [act for act in dashboard.audit.acts if act[0] == "exported-cases"]
    assert len(rows_of(response.content)) == len(dashboard.cases.facts)
    assert exported == [("exported-cases", "desk", None)] * 3
    assert sorted(one for _, seen in dashboard.audit.seen for one in seen) == sorted(dashboard.cases.facts)


async def test_nothing_is_given_out_that_could_not_be_recorded() -> None:
    dashboard = InMemoryDashboard()
    await dashboard.cases.add(a_request())

    async with dashboard.browser() as browser:
        dashboard.audit.away = True
        response = await browser.get("/export/cases.csv")

    assert CONTACT["company"] not in response.text


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠"])
async def test_what_a_customer_typed_never_becomes_a_formula(begin: str) -> None:
    company = f"{begin}HYPERLINK(1)"

    [row] = rows_of((await get("/export/cases.csv", a_request(company=company))).content)
    [_, cells] = cells_of((await get("/export/cases.xlsx", a_request(company=company))).content)

    assert row["企業名"].startswith("'")
    assert [cell.data_type for cell in cells if "HYPERLINK" in str(cell.value)] == ["s"]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "0312345678",
            "12345E67",
            "007",
            "1.10",
            "1/2",
            "1-2-3",
            "1:30",
            "1:30:05 PM",
            "2026/1/2",
            "2026年1月2日",
            "3月4日",
        ),
        *(
            "1,200",
            "50%",
            "(5)",
            "¥100",
            "１／２",
            "１２３",
            "Jan 5",
            "1-Jan",
            "5 March 2026",
            "R8.1.2",
            "令和8年1月2日",
        ),
    ],
)
async def test_text_that_looks_like_a_number_keeps_every_figure(text: str) -> None:
    content, workbook = await written(as_csv(each([text]))), await written(as_xlsx(each([text])))

    [[cell]] = cells_of(workbook)
    [[in_csv]] = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert in_csv == f"'{text}"
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")


@pytest.mark.parametrize(
    "text",
    [
        "株式会社カナリア商会",
        "K7M2P4XR",
        "03-1234-5678",
        "150-0043",
        "カナリアビル10F",
        "3丁目ビル",
        "hanako@canary.jp",
        "Mayflower",
    ],
)
async def test_text_that_is_nothing_else_is_written_as_it_is(text: str) -> None:
    """Marking takes longer than writing, and the mark can be seen in CSV."""
    assert await written(as_csv(each([text]))) == BOM + f"{text}\r\n".encode()


async def test_a_character_that_no_workbook_may_hold_is_made_visible() -> None:
    [[cell]] = cells_of(await written(as_xlsx(each(["a\x00b"]))))

    assert cell.value == "a〔U+0000〕b"


async def test_a_file_begins_before_its_last_row_is_known() -> None:
    """So a list of any length takes no more memory than a part of it."""
    asked: list[int] = []

    async def endless() -> AsyncIterator[Sequence[Cell]]:
        while True:
            asked.append(len(asked))
            yield [len(asked)]

    file = as_csv(endless())
    pieces = [await anext(file) for _ in range(3)]

    assert (pieces, len(asked)) == ([BOM, b"1\r\n", b"2\r\n"], 2)


@pytest.mark.parametrize("figure", Figure)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_the_table_of_each_figure_is_a_file_too(figure: Figure, kind: str) -> None:
    response = await get(f"/export/figures/{figure}.{kind}?from=2026-11-23&to=2026-11-23", a_request(), an_offer())

    assert response.status_code == 200
    assert f"mitsumori-{figure}-2026-11-23.{kind}" in response.headers["content-disposition"]


async def test_a_figure_in_a_file_has_the_numbers_of_the_page() -> None:
    query = "from=2026-11-23&to=2026-11-23"

    rows = rows_of((await get(f"/export/figures/premiums.csv?{query}", a_request(), an_offer(67_000))).content)

    [row] = rows
    assert list(row.values())[1:] == ["67,000円", "1"]
    assert row["区分"].endswith("・1億円以上5億円未満")


async def test_days_in_a_file_are_days_that_a_spreadsheet_knows() -> None:
    file = (await get("/export/figures/days.csv?from=2025-12-31&to=2026-01-01", a_request())).content

    assert [row["日"] for row in rows_of(file)] == ["2025-12-31", "2026-01-01"]


@pytest.mark.parametrize("query", ["from=2026-11-02&to=2026-11-01", "from=2020-01-01&to=2026-01-01"])
@pytest.mark.parametrize("file", ["figures/days.csv", "visits.csv"])
async def test_no_file_has_another_period_than_was_asked_for(file: str, query: str) -> None:
    assert (await get(f"/export/{file}?{query}", a_request())).status_code == 404


@pytest.mark.parametrize("path", ["cases.pdf", "figures/unknown.csv", "figures/days.pdf"])
async def test_there_is_no_other_file(path: str) -> None:
    assert (await get(f"/export/{path}", a_request())).status_code == 404


async def test_how_far_visitors_came_is_a_file_too() -> None:
    dashboard = InMemoryDashboard()
    await dashboard.form_counts.put(a_form_count(dashboard.time.date()))

    async with dashboard.browser() as browser:
        file = await browser.get("/export/visits.csv")
        unknown = await browser.get("/export/visits.pdf")

    rows = file.content.decode("utf-8-sig").splitlines()
    name = dashboard.product.name
    assert rows[:2] == [
        "商品,段階・質問,件数,前の段階からの離脱,質問の順",
        f"{name},入力をはじめた,10,0,保険会社の質問順",
    ]
    assert rows[-2:] == [f"{name},入力エラー：電話番号,3,,", f"{name},入力エラー：メールアドレス,2,,"]
    assert unknown.status_code == 404
