"""The entries that two tariffs have differently."""

from pathlib import Path

import pytest

from pricing.actuary.diff import Change
from tests.pricing.actuary.builders import SHIPPED
from tests.pricing.actuary.diff.builders import change, diff_of_draft


def test_a_comment_and_another_way_to_write_a_figure_are_no_differences(tmp_path: Path) -> None:
    diff = diff_of_draft(tmp_path, ('no: "1.250"', 'no: "1.25"'), ("round_to_yen: 10 #", "round_to_yen: 10 # 円 #"))

    assert diff.is_empty


CHANGES = [
    pytest.param(
        '      retail: "92800"',
        '      retail: "95000"',
        change("tables.industry_base", "retail", old="92800", new="95000", percent="2.37"),
        id="a row",
    ),
    pytest.param(
        'basic: {no: "1.000", yes: "0.936"}',
        'basic: {no: "1.000", yes: "0.90"}',
        change("tables.scope", "basic.yes", old="0.936", new="0.90", percent="-3.85"),
        id="a place of a crossed table",
    ),
    pytest.param(
        '      2_500: "0.123664"',
        '      2_400: "0.121687"\n      2_500: "0.123664"',
        change("tables.turnover_curve", "2400", kind="added", old="", new="0.121687"),
        id="a row more",
    ),
    pytest.param(
        '      600_000_000: "4000000" # 6億円から\n',
        "",
        change("tables.authority", "600000000", kind="removed", old="4000000", new=""),
        id="a row less",
    ),
    pytest.param(
        'minimum_premium_yen: "30000"',
        'minimum_premium_yen: "36000"',
        change("", "minimum_premium_yen", old="30000", new="36000", percent="20.00"),
        id="a figure of the whole",
    ),
    pytest.param("valid_days: 30 ", "valid_days: 60 ", change("", "valid_days", old="30", new="60"), id="days"),
    pytest.param(
        "d3_08: {weight: 10,",
        "d3_08: {weight: 12,",
        change("adjustments.controls", "score.weights.d3_08.weight", old="10", new="12"),
        id="a weight",
    ),
    pytest.param(
        '    sso: "0.4"',
        '    sso: "0.5"',
        change("credits.authentication", "sso", old="0.4", new="0.5", percent="25.00"),
        id="a credit",
    ),
    pytest.param(
        'cap: "1.000000"}',
        'cap: "1.2"}',
        change("parts.IT業務特約", "steps.liability_limit.cap", old="1.000000", new="1.2", percent="20.00"),
        id="a cap of a step",
    ),
    pytest.param(
        "    when: {incidents: [yes, unknown]}",
        "    when: {incidents: [yes]}",
        change("rules.incident-reported", "when.incidents", old="yes, unknown", new="yes"),
        id="a rule",
    ),
    pytest.param(
        "    instead: {cost_deductible: 5_000_000}",
        "    instead: {cost_deductible: 3_000_000}",
        change("unavailable.deductible-not-below-limit", "instead.cost_deductible", old="5000000", new="3000000"),
        id="an exchange",
    ),
    pytest.param(
        "  fuller: {liability_limit: +1, cost_limit: +1}",
        "  fuller: {liability_limit: +1, cost_limit: +2}",
        change("offer", "fuller.cost_limit", old="1", new="2"),
        id="a step up",
    ),
    pytest.param(
        "    says: この業種は本商品のお引受けの対象外です。",
        "    says: この業種はお引受けの対象外です。",
        change(
            "rules.ineligible-industry",
            "says",
            old="この業種は本商品のお引受けの対象外です。",
            new="この業種はお引受けの対象外です。",
        ),
        id="a sentence",
    ),
]


@pytest.mark.parametrize(("before", "after", "expected"), CHANGES)
def test_a_change_is_listed_with_its_table_its_row_and_both_figures(
    tmp_path: Path, before: str, after: str, expected: Change
) -> None:
    diff = diff_of_draft(tmp_path, (before, after))

    assert diff.changes == (expected,)


def test_a_table_of_another_kind_is_a_difference_although_its_rows_are_the_same(tmp_path: Path) -> None:
    diff = diff_of_draft(tmp_path, ('    exact:\n      0: "1.000" # なし\n', '    banded:\n      0: "1.000" # なし\n'))

    assert diff.changes == (change("tables.cost_deductible", "kind", old="exact", new="banded"),)
    assert all(delta.is_same for delta in diff.deltas)


def test_the_order_of_exchanges_is_a_difference(tmp_path: Path) -> None:
    """Each is applied to the cover that the one before has left."""
    first, second = "  leak-only-with-it:\n", "  leak-only-with-wide:\n"
    text = SHIPPED.source.text
    block = text[text.index(first) : text.index(second)]
    rest = text[text.index(second) : text.index("  deductible-not-below-limit:\n")]

    diff = diff_of_draft(tmp_path, (block + rest, rest + block))

    assert diff.changes == (
        change(
            "unavailable.leak-only-with-it",
            "unavailable",
            kind="order",
            old="leak-only-with-it, leak-only-with-wide, deductible-not-below-limit",
            new="leak-only-with-wide, leak-only-with-it, deductible-not-below-limit",
        ),
    )


def test_a_table_that_is_read_twice_is_listed_twice(tmp_path: Path) -> None:
    step = "      - {table: fixed_premium, label: 保険料確定特約}\n"

    diff = diff_of_draft(tmp_path, (step, step + "      - {table: fixed_premium, label: もう一度}\n"))

    entries = [(change.entry, change.new) for change in diff.changes]
    assert entries[:2] == [("steps.fixed_premium'.table", "fixed_premium"), ("steps.fixed_premium'.label", "もう一度")]


def test_changes_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    diff = diff_of_draft(
        tmp_path,
        ('      no: "0"\n      yes: "314000"', '      no: "0"\n      yes: "300000"'),
        ('      retail: "92800"', '      retail: "95000"'),
        ("valid_days: 30 ", "valid_days: 60 "),
        ("  news_opt_in: ご案内", "  news_opt_in: お知らせ"),
    )

    assert [change.section for change in diff.changes] == [
        "",
        "tables.industry_base",
        "tables.it_rider_base",
        "neutral",
    ]
