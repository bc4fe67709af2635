"""Rows of tables: gaps, rows that no answer finds, and rows far off their neighbours."""

from pathlib import Path

import pytest

from pricing.actuary.lint import lint
from tests.pricing.actuary.builders import draft
from tests.pricing.actuary.lint.specs import assert_slip_is_found
from tests.pricing.builders import PRODUCT

SLIPS = [
    pytest.param(
        '      20_000_000: "5000000" # 2,000万円から',
        '      50_000_000: "5000000" # 2,000万円から',
        "error",
        "tables.authority.banded",
        "no band for 20000000, 30000000, 40000000",
        id="a band that starts too high",
    ),
    pytest.param(
        '      600_000_000: "4000000"',
        '      2_000_000_000: "4000000"',
        "error",
        "tables.authority.banded.2000000000",
        "above every answer",
        id="a band that nobody reaches",
    ),
    pytest.param(
        '      600_000_000: "4000000"',
        '      600_000_000: "4000000"\n      610_000_000: "3900000"\n      620_000_000: "3800000"',
        "error",
        "tables.authority.banded.610000000",
        "no answer",
        id="a band between two choices",
    ),
    pytest.param(
        "    reads: liability_deductible # 円\n    runs: falling\n",
        "    reads: liability_deductible # 円\n",
        "warning",
        "tables.liability_deductible",
        "rising or falling",
        id="no direction",
    ),
    pytest.param(
        '    runs: falling\n    exact:\n      0: "1.000" # なし\n      100_000: "0.970"',
        '    exact:\n      0: "1.000" # なし\n      100_000: "1.001"',
        "error",
        "tables.cost_deductible.exact.100000",
        "1.001 after 1.000",
        id="a deductible that costs more, in a table that says no direction",
    ),
    pytest.param(
        '      10_000_000: "0.650"',
        '      10_000_000: "0.00650"',
        "error",
        "tables.liability_deductible.exact.10000000",
        "50 times",
        id="a point slipped",
    ),
    pytest.param(
        '      hotel: "136000"',
        '      hotel: "13600000"',
        "error",
        "tables.industry_base.exact.hotel",
        "50 times",
        id="two noughts too many",
    ),
    pytest.param(
        '    exact:\n      no: "1.00"\n',
        '    exact:\n      no: "100"\n',
        "error",
        "tables.fixed_premium.exact.no",
        "50 times",
        id="percent for a factor, in a table of two rows",
    ),
    pytest.param(
        '      retail: "92800"',
        '      finance: "92800"\n      retail: "92800"',
        "error",
        "tables.industry_base.exact.finance",
        "alternative-exposure always takes it before",
        id="a row for an industry that is referred",
    ),
    pytest.param(
        '      wide: {no: "1.250"}',
        '      wide: {no: "1.250", yes: "1.170"}',
        "error",
        "tables.scope.crossed.wide.yes",
        "leak-only-with-wide always takes it before",
        id="a price for a cover that nobody can have",
    ),
]


@pytest.mark.parametrize(("before", "after", "severity", "key", "words"), SLIPS)
def test_a_slip_in_a_row_is_found(  # noqa: PLR0917  # pytest passes them by name
    tmp_path: Path, before: str, after: str, severity: str, key: str, words: str
) -> None:
    assert_slip_is_found(tmp_path, (before, after), severity, key, words)


def test_a_number_outside_the_rows_needs_a_sentence_of_its_own(tmp_path: Path) -> None:
    sentence = "  turnover-outside: 売上高が料率表の範囲(100万円以上5,000億円以下)の外です。\n"
    path = draft(tmp_path, ("    outside: turnover-outside\n", ""), (sentence, ""))

    (finding,) = lint(path, PRODUCT.form).findings

    assert finding.problem.key == "tables.turnover_curve"
    assert "outside" in finding.problem.message
