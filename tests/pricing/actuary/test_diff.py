"""`mitsumori tariff diff`: what another tariff says differently, and what it makes of the golden cases."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from cli.tariff import review
from pricing.actuary.diff import Change, Delta, Diff, diff
from pricing.actuary.golden import read_golden
from tests.pricing.actuary.drafts import SHIPPED, draft, drafted
from tests.pricing.builders import PRODUCT

COMMAND = Typer()
COMMAND.command()(review.diff)

GOLDEN = read_golden(SHIPPED.golden, PRODUCT.form)


def compared(folder: Path, *edits: tuple[str, str]) -> Diff:
    return diff(SHIPPED, drafted(folder, *edits), [GOLDEN])


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(COMMAND, [SHIPPED.tariff.id, *arguments])
    return result.exit_code, result.stdout


def test_a_tariff_does_not_differ_from_itself() -> None:
    assert diff(SHIPPED, SHIPPED, [GOLDEN]).is_empty


def test_tariffs_differ_when_either_their_entries_or_their_premiums_do() -> None:
    change = Change("", "valid_days", "changed", "30", "60", None)
    delta = Delta("中立点", 92_800, 92_810, Decimal("0.01"), (), ())

    assert not Diff((change,), ()).is_empty
    assert not Diff((), (delta,)).is_empty


def test_a_comment_and_another_way_to_write_a_figure_are_no_differences(tmp_path: Path) -> None:
    found = compared(tmp_path, ('no: "1.250"', 'no: "1.25"'), ("round_to_yen: 10 #", "round_to_yen: 10 # 円 #"))

    assert found.is_empty


CHANGES = [
    pytest.param(
        '      retail: "92800"',
        '      retail: "95000"',
        Change("tables.industry_base", "retail", "changed", "92800", "95000", Decimal("2.37")),
        id="a row",
    ),
    pytest.param(
        'basic: {no: "1.000", yes: "0.936"}',
        'basic: {no: "1.000", yes: "0.90"}',
        Change("tables.scope", "basic.yes", "changed", "0.936", "0.90", Decimal("-3.85")),
        id="a place of a crossed table",
    ),
    pytest.param(
        '      2_500: "0.123664"',
        '      2_400: "0.121687"\n      2_500: "0.123664"',
        Change("tables.turnover_curve", "2400", "added", "", "0.121687", None),
        id="a row more",
    ),
    pytest.param(
        '      600_000_000: "4000000" # 6億円から\n',
        "",
        Change("tables.authority", "600000000", "removed", "4000000", "", None),
        id="a row less",
    ),
    pytest.param(
        'minimum_premium_yen: "30000"',
        'minimum_premium_yen: "36000"',
        Change("", "minimum_premium_yen", "changed", "30000", "36000", Decimal("20.00")),
        id="a figure of the whole",
    ),
    pytest.param(
        "valid_days: 30 ", "valid_days: 60 ", Change("", "valid_days", "changed", "30", "60", None), id="days"
    ),
    pytest.param(
        "d3_08: {weight: 10,",
        "d3_08: {weight: 12,",
        Change("adjustments.controls", "score.weights.d3_08.weight", "changed", "10", "12", None),
        id="a weight",
    ),
    pytest.param(
        '    sso: "0.4"',
        '    sso: "0.5"',
        Change("credits.authentication", "sso", "changed", "0.4", "0.5", Decimal("25.00")),
        id="a credit",
    ),
    pytest.param(
        'cap: "1.000000"}',
        'cap: "1.2"}',
        Change("parts.IT業務特約", "steps.liability_limit.cap", "changed", "1.000000", "1.2", Decimal("20.00")),
        id="a cap of a step",
    ),
    pytest.param(
        "    when: {incidents: [yes, unknown]}",
        "    when: {incidents: [yes]}",
        Change("rules.incident-reported", "when.incidents", "changed", "yes, unknown", "yes", None),
        id="a rule",
    ),
    pytest.param(
        "    instead: {cost_deductible: 5_000_000}",
        "    instead: {cost_deductible: 3_000_000}",
        Change(
            "unavailable.deductible-not-below-limit", "instead.cost_deductible", "changed", "5000000", "3000000", None
        ),
        id="an exchange",
    ),
    pytest.param(
        "  fuller: {liability_limit: +1, cost_limit: +1}",
        "  fuller: {liability_limit: +1, cost_limit: +2}",
        Change("offer", "fuller.cost_limit", "changed", "1", "2", None),
        id="a step up",
    ),
    pytest.param(
        "    says: この業種は本商品のお引受けの対象外です。",
        "    says: この業種はお引受けの対象外です。",
        Change(
            "rules.ineligible-industry",
            "says",
            "changed",
            "この業種は本商品のお引受けの対象外です。",
            "この業種はお引受けの対象外です。",
            None,
        ),
        id="a sentence",
    ),
]


@pytest.mark.parametrize(("before", "after", "change"), CHANGES)
def test_a_change_is_told_with_its_table_its_row_and_both_figures(
    tmp_path: Path, before: str, after: str, change: Change
) -> None:
    found = compared(tmp_path, (before, after))

    assert found.changes == (change,)


def test_a_table_of_another_kind_is_a_difference_although_its_rows_are_the_same(tmp_path: Path) -> None:
    found = compared(tmp_path, ('    exact:\n      0: "1.000" # なし\n', '    banded:\n      0: "1.000" # なし\n'))

    assert found.changes == (Change("tables.cost_deductible", "kind", "changed", "exact", "banded", None),)
    assert all(delta.is_same for delta in found.deltas)


def test_the_order_of_exchanges_is_a_difference(tmp_path: Path) -> None:
    """Each is asked of the cover as the one before has left it."""
    first, second = "  leak-only-with-it:\n", "  leak-only-with-wide:\n"
    text = SHIPPED.source.text
    block = text[text.index(first) : text.index(second)]
    rest = text[text.index(second) : text.index("  deductible-not-below-limit:\n")]

    found = compared(tmp_path, (block + rest, rest + block))

    assert found.changes == (
        Change(
            "unavailable.leak-only-with-it",
            "unavailable",
            "order",
            "leak-only-with-it, leak-only-with-wide, deductible-not-below-limit",
            "leak-only-with-wide, leak-only-with-it, deductible-not-below-limit",
            None,
        ),
    )


def test_a_table_that_is_read_twice_is_told_twice(tmp_path: Path) -> None:
    step = "      - {table: fixed_premium, label: 保険料確定特約}\n"

    found = compared(tmp_path, (step, step + "      - {table: fixed_premium, label: もう一度}\n"))

    entries = [(change.entry, change.new) for change in found.changes]
    assert entries[:2] == [("steps.fixed_premium'.table", "fixed_premium"), ("steps.fixed_premium'.label", "もう一度")]


def test_changes_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        ('      no: "0"\n      yes: "314000"', '      no: "0"\n      yes: "300000"'),
        ('      retail: "92800"', '      retail: "95000"'),
        ("valid_days: 30 ", "valid_days: 60 "),
        ("  news_opt_in: ご案内", "  news_opt_in: お知らせ"),
    )

    assert [change.section for change in found.changes] == [
        "",
        "tables.industry_base",
        "tables.it_rider_base",
        "neutral",
    ]


def test_a_case_is_shown_with_both_premiums(tmp_path: Path) -> None:
    found = compared(tmp_path, ('      medical: "186000"', '      medical: "187000"'))

    (moved,) = (delta for delta in found.deltas if not delta.is_same)
    assert moved == Delta("認証割引の上限30%", 87_820, 88_290, Decimal("0.54"), (), ())
    assert moved.says == "changed"
    assert len(found.deltas) == len(GOLDEN.cases)


def test_a_case_that_a_person_must_answer_now_is_newly_referred(tmp_path: Path) -> None:
    found = compared(tmp_path, ('      600_000_000: "4000000"', '      600_000_000: "3900000"'))

    (moved,) = (delta for delta in found.deltas if not delta.is_same)
    assert (moved.old, moved.new, moved.new_reasons) == (3_970_730, None, ("over-authority",))
    assert moved.says == "newly-referred"


def test_a_case_that_nobody_must_look_at_any_more_is_no_longer_referred(tmp_path: Path) -> None:
    found = compared(tmp_path, ('      600_000_000: "4000000"', '      600_000_000: "4500000"'))

    (moved,) = (delta for delta in found.deltas if not delta.is_same)
    assert (moved.old_reasons, moved.new) == (("over-authority",), 4_058_210)
    assert moved.says == "no-longer-referred"


def test_other_reasons_are_a_difference_too(tmp_path: Path) -> None:
    found = compared(tmp_path, ("    when: {incidents: [yes, unknown]}", "    when: {incidents: [yes]}"))

    (moved,) = (delta for delta in found.deltas if not delta.is_same)
    assert moved.says == "other-reasons"
    assert (moved.old_reasons, moved.new_reasons) == (("incident-reported", "card-issuing"), ("card-issuing",))


def test_cases_that_both_have_are_shown_once() -> None:
    assert len(diff(SHIPPED, SHIPPED, [GOLDEN, GOLDEN]).deltas) == len(GOLDEN.cases)


def test_equal_tariffs_end_with_0_and_different_ones_with_1(tmp_path: Path) -> None:
    path = draft(tmp_path, ('      medical: "186000"', '      medical: "187000"'))

    assert run(SHIPPED.tariff.id) == (0, "違いはありません。\n")
    code, output = run(str(path))

    assert code == 1
    assert "+0.54%" in output
    assert output.endswith("検算例 36件、うち変わるもの 1件\n")


def test_differences_for_machines(tmp_path: Path) -> None:
    path = draft(tmp_path, ('      medical: "186000"', '      medical: "187000"'))

    code, output = run(str(path), "--json")

    found = json.loads(output)
    assert code == 1
    assert found["changes"] == [
        {
            "section": "tables.industry_base",
            "entry": "medical",
            "what": "changed",
            "old": "186000",
            "new": "187000",
            "percent": "0.54",
        }
    ]
    assert [case["case"] for case in found["cases"] if case["says"] == "changed"] == ["認証割引の上限30%"]


def test_the_files_themselves_can_be_compared(tmp_path: Path) -> None:
    path = draft(tmp_path, ('      medical: "186000"', '      medical: "187000"'))

    code, output = run(str(path), "--text")

    assert code == 1
    assert '-      medical: "186000"\n+      medical: "187000"\n' in output
