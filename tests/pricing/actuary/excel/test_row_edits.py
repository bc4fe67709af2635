"""Rows that are added, removed or moved take their lines along."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.pricing.actuary.excel.builders import (
    CROSSED,
    CURVE,
    INDUSTRY,
    RULES,
    SHIPPED,
    Edit,
    EditedWorkbook,
    delete,
    insert,
    schema_in,
)


@pytest.mark.parametrize(
    ("edit", "changes"),
    [
        pytest.param(
            insert(CURVE, (2_000,), 1_800, None, 0.108, "180万円"),
            ['+       1_800: "0.108" # 180万円'],
            id="a point of the curve",
        ),
        pytest.param(delete(CURVE, 1_200), ['-       1_200: "0.092575" # 120万円'], id="a point less"),
        pytest.param(
            insert("割引 controls", ("1",), 0.8, 0.2),
            [
                '-       discount: {"0": "-0.40", "0.5": "0", "1": "0.40"}',
                '+       discount: {"0": "-0.40", "0.5": "0", "0.8": "0.2", "1": "0.40"}',
            ],
            id="a point of a discount",
        ),
        pytest.param(
            insert(RULES, ("card-issuing",), "hotels", None, "{industry: [hotel]}", "宿泊業は個別のお見積りです。"),
            ["+   hotels:", "+     when: {industry: [hotel]}", "+     says: 宿泊業は個別のお見積りです。"],
            id="a rule more",
        ),
        pytest.param(
            insert(CROSSED, ("wide", "no"), "wide", "yes", None, "1.170"),
            ['-       wide: {no: "1.250"}', '+       wide: {yes: "1.170", no: "1.250"}'],
            id="a place of a crossed table",
        ),
    ],
)
def test_rows_are_added_and_removed_with_their_lines(workbook: EditedWorkbook, edit: Edit, changes: list[str]) -> None:
    workbook.edit(edit)

    assert workbook.changes() == changes


def test_a_rule_is_removed_with_all_its_lines(workbook: EditedWorkbook) -> None:
    def edit(book: Workbook) -> None:
        delete(RULES, "card-issuing")(book)
        insert("保険料に関係しない質問", ("quote",), "d3_03", None, "問わない")(book)

    assert [line.split(":")[0] for line in workbook.edit(edit).changes()] == [
        "-   card-issuing",
        "-     when",
        "-     says",
        "+   d3_03",
    ]


def test_the_last_row_may_be_removed_and_a_new_one_may_end_a_table(workbook: EditedWorkbook) -> None:
    def edit(book: Workbook) -> None:
        delete(CURVE, 500_000_000)(book)
        book[CURVE].append([600_000_000, None, "16.4", "6,000億円"])

    workbook.edit(edit)

    assert workbook.changes() == [
        '-       500_000_000: "15.258084" # 5,000億円',
        '+       600_000_000: "16.4" # 6,000億円',
    ]


def test_comments_above_a_row_that_is_removed_stay(tmp_path: Path) -> None:
    commented = SHIPPED.read_text("utf-8").replace("      1_200:", "      # 以下は外挿\n      1_200:")
    workbook = EditedWorkbook(tmp_path, commented.encode()).edit(delete(CURVE, 1_200))

    assert workbook.changes() == ['-       1_200: "0.092575" # 120万円']


def test_rows_in_another_order_take_their_lines_along(workbook: EditedWorkbook) -> None:
    """Somebody sorts a sheet, and every comment must still be beside its own figure."""

    def upside_down(book: Workbook) -> None:
        for title in (INDUSTRY, CROSSED):
            rows = [[cell.value for cell in row] for row in book[title].iter_rows(min_row=4)]
            book[title].delete_rows(4, len(rows))
            for row in reversed(rows):
                book[title].append(row)

    back = workbook.edit(upside_down).imported()

    text = back.decode()
    assert schema_in(back) == schema_in(SHIPPED.read_bytes())
    assert text.index('other_service: "105000"\n      infra') < text.index('retail: "92800" # 93,000 and 160,010\n')
    assert 'wide: {no: "1.250"}\n      basic: {yes: "0.936", no: "1.000"}\n' in text
