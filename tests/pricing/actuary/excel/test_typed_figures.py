"""A figure is taken exactly as it was meant, or refused."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pricing.actuary.excel.builders import CURVE, INDUSTRY, LIMITS, SHIPPED, EditedWorkbook, Typed, put, schema_in


@settings(max_examples=10, derandomize=True, deadline=None)
@given(data=st.data())
def test_any_figure_comes_back_as_it_was_typed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Between the two neighbours it stays rising, and so a tariff."""
    workbook = EditedWorkbook(tmp_path_factory.mktemp("workbook"))
    rows = list((schema_in(SHIPPED.read_bytes()).tables["turnover_curve"].interpolated or {}).items())
    at = data.draw(st.integers(1, len(rows) - 2))
    low, high = (int(rows[neighbour][1] * 1_000_000) for neighbour in (at - 1, at + 1))
    figure = Decimal(data.draw(st.integers(low, high))).scaleb(-6)
    typed = data.draw(st.sampled_from(list[Typed]([str(figure), float(figure)])))

    back = workbook.edit(put(CURVE, (rows[at][0],), "係数", typed)).imported()

    expected = schema_in(SHIPPED.read_bytes()).model_dump()
    expected["tables"]["turnover_curve"]["interpolated"][rows[at][0]] = figure
    assert schema_in(back).model_dump() == expected


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        pytest.param(0.936, "0.936", id="a binary fraction"),
        pytest.param(67_400, "67400", id="a whole number"),
        pytest.param(67_400.0, "67400", id="a whole number as a fraction"),
        pytest.param("１．０５", "1.05", id="full width"),
        pytest.param(" 67,400 ", "67400", id="with a comma and spaces"),
        pytest.param("1.050", "1.050", id="text keeps its noughts"),
    ],
)
def test_a_figure_is_taken_as_the_person_meant_it(workbook: EditedWorkbook, typed: Typed, written: str) -> None:
    workbook.edit(put(INDUSTRY, ("hotel",), "金額(円)", typed))

    assert f'      hotel: "{written}"\n' in workbook.imported().decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (1 / 3, "は小数6桁を超えています"),
        ("1.0000001", "「1.0000001」は小数6桁を超えています"),
        ("十二", "「十二」は数ではありません"),
        ("NaN", "「NaN」は数ではありません"),
        ("1e400", "「1e400」は数ではありません"),
        (True, "「True」は数ではありません"),
        (datetime(2026, 10, 1), "「2026-10-01」は数ではありません"),  # noqa: DTZ001  as Excel keeps a date
        ("=1+1", "数式は使えません"),
        (None, "「係数」がありません"),
        ("-1", "must not be below nought"),
        ("0", "a factor of 0 would give the whole cover away"),
        ("9", "the table is said to be rising"),
    ],
)
def test_what_cannot_be_a_figure_is_refused_with_its_cell(workbook: EditedWorkbook, typed: Typed, words: str) -> None:
    workbook.edit(put(LIMITS, (20_000_000,), "係数", typed))

    (refusal,) = workbook.refusal()

    assert refusal.startswith((f"シート「{LIMITS}」C4: ", f"シート「{LIMITS}」C5: "))
    assert words in refusal
