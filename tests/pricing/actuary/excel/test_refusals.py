"""A workbook that cannot be a tariff is refused, with the cell of each mistake."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from pricing.actuary.excel import import_tariff
from shared.errors import Invalid
from tests.pricing.actuary.excel.builders import (
    CURVE,
    INDUSTRY,
    LIMITS,
    NAME,
    RULES,
    WEIGHTS,
    Edit,
    EditedWorkbook,
    delete,
    insert,
    put,
)
from tests.pricing.builders import PRODUCT


@pytest.mark.parametrize(
    ("edit", "cell", "words"),
    [
        pytest.param(delete(INDUSTRY, "hotel"), INDUSTRY, "no row for hotel", id="a choice without a row"),
        pytest.param(
            insert(INDUSTRY, ("hotel",), "florist", None, 1), f"{INDUSTRY}」C14", "no such choice", id="no such choice"
        ),
        pytest.param(
            insert(INDUSTRY, ("hotel",), "retail", None, 1), f"{INDUSTRY}」A14", "5行目にもあります", id="a row twice"
        ),
        pytest.param(insert(CURVE, (2_000,), 1_800.5, None, 1), f"{CURVE}」A7", "整数ではありません", id="half a yen"),
        pytest.param(insert(CURVE, (2_000,), None, None, 1), f"{CURVE}」A7", "「turnover」がありません", id="no key"),
        pytest.param(
            insert(CURVE, (1_000,), 2_000, None, 1), f"{CURVE}」A8", "4行目にもあります", id="a row twice, above"
        ),
        pytest.param(
            put(WEIGHTS, ("d3_10",), "尺度", "gold"), f"{WEIGHTS}」A16", "no scale 'gold'", id="no such scale"
        ),
        pytest.param(
            put(WEIGHTS, ("d3_10",), "または {質問: 尺度}", "d3_15_a"), f"{WEIGHTS}」E", "形ではありません", id="braces"
        ),
        pytest.param(
            put(RULES, ("card-issuing",), "条件 {質問: [回答]}", "{d3_03: [maybe]}"),
            f"{RULES}」C5",
            "d3_03 has no choice maybe",
            id="no such answer",
        ),
        pytest.param(put("概要", ("tariff",), "値", "来春"), "概要」B4", "日付", id="no date"),
        pytest.param(delete("概要", "valid_days"), "概要", "「valid_days」の行がありません", id="a value less"),
        pytest.param(insert("概要", ("valid_days",), "x", 1), "概要」A5", "加えられません", id="a value more"),
        pytest.param(
            put("概要", ("turnover_curve.power",), "メモ", "x"),
            "概要」D9",
            "このとおりには書き込めません",
            id="no room",
        ),
        pytest.param(lambda book: book.remove(book[CURVE]), CURVE, "シートがありません", id="a sheet less"),
        pytest.param(lambda book: book[CURVE].delete_rows(3), CURVE, "見出しが変わっています", id="no header"),
        pytest.param(
            lambda book: book[CURVE].delete_rows(4, 100), CURVE, "少なくとも1行必要です", id="nothing on a sheet"
        ),
    ],
)
def test_a_broken_edit_is_refused_with_its_cell(workbook: EditedWorkbook, edit: Edit, cell: str, words: str) -> None:
    workbook.edit(edit)

    refusal = workbook.refusal()

    assert any(line.startswith(f"シート「{cell}") and words in line for line in refusal), refusal


def test_everything_that_is_wrong_is_reported_at_once(workbook: EditedWorkbook) -> None:
    def edit(book: Workbook) -> None:
        put(LIMITS, (20_000_000,), "係数", "x")(book)
        put(INDUSTRY, ("retail",), "金額(円)", "y")(book)

    assert len(workbook.edit(edit).refusal()) == 2


def test_a_new_date_makes_a_new_tariff(workbook: EditedWorkbook) -> None:
    workbook.edit(put("概要", ("tariff",), "値", datetime(2027, 4, 1)))  # noqa: DTZ001  as Excel keeps a date

    assert workbook.changes("2027-04-01.yaml") == ['- tariff: "2026-10-01"', '+ tariff: "2027-04-01"']
    assert workbook.refusal() == [
        "シート「概要」B4: 実施日が 2027-04-01 なので、ファイル名は 2027-04-01.yaml としてください(2026-10-01.yaml)"
    ]


def test_the_original_is_hidden_and_cannot_be_changed(workbook: EditedWorkbook) -> None:
    """Otherwise a figure could be changed that is on no sheet."""

    def tamper(book: Workbook) -> None:
        assert book["_original"].sheet_state == "veryHidden"
        book["_original"]["A20"].value = '"# x"'

    (refusal,) = workbook.edit(tamper).refusal()

    assert "原本が書き換えられています" in refusal


def test_only_our_own_workbooks_are_taken(tmp_path: Path) -> None:
    other, broken = tmp_path / "other.xlsx", tmp_path / "broken.xlsx"
    Workbook().save(other)
    broken.write_bytes(b"PK nonsense")

    for path, words in ((other, "export"), (broken, "読めません"), (tmp_path / "none.xlsx", "読めません")):
        with pytest.raises(Invalid, match=words):
            import_tariff(path, NAME, PRODUCT)
