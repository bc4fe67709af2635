"""`mitsumori tariff lint`: what the loader lets pass and an actuary must see, each with its place in the file."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner

from cli.tariff import review
from pricing.actuary.lint import lint
from pricing.actuary.lint.curves import power_of
from pricing.tariff.schema import FollowsSchema
from tests.pricing.actuary.drafts import SHIPPED, draft, line_of
from tests.pricing.builders import PRODUCT

COMMAND = Typer()
COMMAND.command()(review.lint)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(COMMAND, list(arguments))
    return result.exit_code, result.output


def test_the_shipped_tariff_is_clean() -> None:
    report = lint(SHIPPED.source.path, PRODUCT.form)

    assert report.findings == ()
    assert (report.tables, report.rows) == (10, 127)


CURVE = "tables.turnover_curve"
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
        '      1_000: "0.086150" # 100万円\n', "", "error", f"{CURVE}.follows.from", "1200", id="the low end left out"
    ),
    pytest.param(
        '      500_000_000: "15.258084"', "      #", "error", f"{CURVE}.follows.to", "400000000", id="the high end"
    ),
    pytest.param(
        '      2_500: "0.123664" # 250万円\n',
        "",
        "error",
        f"{CURVE}.interpolated.3000",
        "off the curve, more than 0.003",
        id="a point left out",
    ),
    pytest.param(
        '"1.203720"',
        '"1.203721"',
        "error",
        f"{CURVE}.interpolated.800000",
        "is 1.203720",
        id="the last digit of a point",
    ),
    pytest.param(
        '      20_000_000: "0.668740"',
        '      20_000_000: "0.668741"',
        "error",
        "tables.liability_limit.exact.20000000",
        "is 0.668740",
        id="the last digit of a row",
    ),
    pytest.param(
        "    reads: cost_deductible # 円\n",
        '    reads: cost_deductible # 円\n    follows: {power: "0.5", one_at: 10_000, from: 10_000, to: 10_000_000}\n',
        "error",
        "tables.cost_deductible.follows",
        "nought",
        id="a power of nought",
    ),
    pytest.param(
        "    reads: rider_fixed_premium\n",
        '    reads: rider_fixed_premium\n    follows: {power: "0.5", one_at: 1, from: 1, to: 2}\n',
        "error",
        "tables.fixed_premium.follows",
        "only amounts",
        id="a power of yes and no",
    ),
    pytest.param(
        '    follows: {power: "0.3945", one_at: 500_000, from: 1_000, to: 500_000_000, within: "0.003"}\n',
        "",
        "warning",
        CURVE,
        "follows nothing",
        id="a curve that follows nothing",
    ),
    pytest.param(', within: "0.003"', "", "warning", f"{CURVE}.follows", "within", id="lines that nothing holds"),
    pytest.param(
        '    follows: {power: "0.12", one_at: 30_000_000, from: 10_000_000, to: 500_000_000}\n',
        "",
        "warning",
        "tables.cost_limit",
        "(x / 30000000) ^ 0.1200",
        id="a power that is not said",
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
    pytest.param(
        'cap: "1.000000"}', 'cap: "1.778279"}', "warning", "parts.1.steps.1.cap", "never binds", id="a step's cap"
    ),
    pytest.param(
        'cap: "1.000000"}', 'cap: "0.5"}', "error", "parts.1.steps.1.cap", "always binds", id="a cap below all rows"
    ),
    pytest.param(
        'cap: "1.000000"}',
        'cap: "1.000000", floor: "0.5"}',
        "warning",
        "parts.1.steps.1.floor",
        "never binds",
        id="a step's floor",
    ),
    pytest.param(
        'cap: "1.000000"}',
        'cap: "1.000000", floor: "1.1"}',
        "error",
        "parts.1.steps.1.floor",
        "always binds",
        id="a floor above the cap",
    ),
    pytest.param(
        '      cap: "0.30"',
        '      cap: "0.45"',
        "warning",
        "adjustments.controls.certificates.cap",
        "0.45",
        id="a cap on certifications that even all of them do not reach",
    ),
    pytest.param(
        '    cap: "0.60"', '    cap: "0.70"', "warning", "adjustments.controls.cap", "never binds", id="a cap together"
    ),
    pytest.param(
        'minimum_premium_yen: "30000"',
        'minimum_premium_yen: "100"',
        "warning",
        "minimum_premium_yen",
        "never binds",
        id="a minimum that everybody pays more than",
    ),
    pytest.param(
        '      20_000_000: "5000000" # 2',
        '      20_000_000: "500000000000" # 2',
        "warning",
        "tables.authority.banded.20000000",
        "never reached",
        id="an authority without end",
    ),
    pytest.param(
        '      600_000_000: "4000000"',
        '      600_000_000: "100"',
        "error",
        "tables.authority.banded.600000000",
        "nothing can be offered",
        id="an authority below every premium",
    ),
    pytest.param(
        'discount: {"0": "-0.40", "0.5": "0", "1": "0.40"}\n    certificates',
        'discount: {"0": "-0.40", "1": "0.40"}\n    certificates',
        "error",
        "adjustments.controls.score.discount",
        "neutral score 0.5",
        id="no point at the neutral score",
    ),
    pytest.param(
        'discount: {"0": "-0.40", "0.5": "0", "1": "0.40"}\n    certificates',
        'discount: {"0": "-0.40", "0.5": "0.01", "1": "0.40"}\n    certificates',
        "error",
        "adjustments.controls.score.discount.0.5",
        "nought",
        id="a discount at the neutral score",
    ),
    pytest.param(
        "d3_12: {weight: 5,",
        "d3_12: {weight: 50,",
        "warning",
        "adjustments.controls.score.weights.d3_12",
        "weighs 50",
        id="a weight ten times too heavy",
    ),
    pytest.param(
        'in_place: {yes: "1", no',
        'in_place: {yes: "0.1", no',
        "warning",
        "credits.in_place",
        "full score",
        id="a scale that nobody fills",
    ),
    pytest.param(
        "    when: {d3_03: [yes, unknown]}",
        "    when: {d3_03: [yes, unknown], d3_02: [no], d3_02_a: [yes]}",
        "error",
        "rules.card-issuing.when",
        "never holds",
        id="a rule on a question that is not asked then",
    ),
    pytest.param(
        "  card-issuing:\n",
        "  incident-again:\n    when: {incidents: [unknown, yes]}\n    says: 事故\n  card-issuing:\n",
        "error",
        "rules.incident-again",
        "exactly when incident-reported does",
        id="a rule told twice",
    ),
    pytest.param(
        "    when: {d3_03: [yes, unknown]}",
        "    when: {d3_03: [yes, no, unknown]}",
        "warning",
        "rules.card-issuing.when.d3_03",
        "every answer",
        id="a rule that takes everybody",
    ),
    pytest.param(
        "    when: {d3_03: [yes, unknown]}",
        "    when: {d3_03: [yes, unknown, yes]}",
        "warning",
        "rules.card-issuing.when.d3_03",
        "twice",
        id="an answer twice",
    ),
    pytest.param(
        'truste: "0.10", other',
        'truste: "0.31", other',
        "warning",
        "adjustments.controls.certificates.discount.truste",
        "even by itself",
        id="a certification above the cap",
    ),
    pytest.param(
        'not_outsourced: {no: "1", yes: "0", ',
        'not_outsourced: {no: "0", yes: "0", ',
        "error",
        "credits.not_outsourced",
        "decides nothing",
        id="a scale that tells no answer apart",
    ),
    pytest.param(
        "    when: {cost_limit: [10_000_000], cost_deductible: [10_000_000]}\n"
        "    instead: {cost_deductible: 5_000_000}",
        "    when: {rider_leak_only: [yes], rider_it: [yes], plan: [wide]}\n    instead: {plan: basic}",
        "error",
        "unavailable.deductible-not-below-limit",
        "leak-only-with-it has exchanged",
        id="a cover that was exchanged before",
    ),
    pytest.param(
        "  fuller: {liability_limit: +1, cost_limit: +1}",
        "  fuller: {liability_limit: +1, cost_limit: -1}",
        "error",
        "offer.fuller.cost_limit",
        "cheaper",
        id="less in the fuller cover",
    ),
    pytest.param(
        "      column_values: [0, 100_000, 300_000,",
        "      column_values: [0, 300_000,",
        "warning",
        "offer.grids.0.column_values",
        "leaves out 100000",
        id="a grid without what the form proposes",
    ),
    pytest.param(
        "      columns: cost_deductible\n      column_values: [0, 100_000, 500_000, 1_000_000, 3_000_000, 10_000_000]",
        "      columns: cost_limit\n      column_values: [10_000_000, 30_000_000]",
        "error",
        "offer.grids.1",
        "both cost_limit",
        id="a grid of one term",
    ),
    pytest.param(
        "  fuller: {liability_limit: +1, cost_limit: +1}",
        "  fuller: {liability_limit: +1, cost_limit: 0}",
        "warning",
        "offer.fuller.cost_limit",
        "moves nothing",
        id="a step of nought",
    ),
    pytest.param(
        "from: 20_000_000, to: 1_000_000_000}",
        'from: 20_000_000, to: 1_000_000_000, within: "0.003"}',
        "warning",
        "tables.liability_limit.follows.within",
        "no straight lines",
        id="lines that are not there",
    ),
    pytest.param(
        "table: liability_deductible, label: 賠償損害の免責金額}\n      - {table: cost_ded",
        "table: liability_deductible, label: 売上高}\n      - {table: cost_ded",
        "warning",
        "parts.0.steps.3",
        "売上高",
        id="two steps of one name",
    ),
    pytest.param(
        "  missing-answer: 「{question}」の",
        "  missing-answer: 「ご質問」の",
        "warning",
        "says.missing-answer",
        "which",
        id="words",
    ),
]


@pytest.mark.parametrize(("before", "after", "severity", "key", "words"), SLIPS)
def test_a_slip_is_found(  # noqa: PLR0917  # pytest passes them by name
    tmp_path: Path, before: str, after: str, severity: str, key: str, words: str
) -> None:
    path = draft(tmp_path, (before, after))

    found = lint(path, PRODUCT.form).findings

    told = [one for one in found if one.problem.key == key and words in one.problem.message]
    assert told, "\n".join(map(str, found))
    assert (told[0].severity, told[0].problem.file) == (severity, path)
    assert told[0].problem.line > 1


def test_what_the_loader_refuses_is_repeated(tmp_path: Path) -> None:
    path = draft(tmp_path, ('      retail: "92800"', "      #"))

    (finding,) = lint(path, PRODUCT.form).findings

    assert str(finding) == (
        f"{path}:{line_of(path, '    reads: industry') + 1}: error: tables.industry_base.exact: "
        "no row for retail of industry, and no rule refers it"
    )


def test_the_premium_as_a_whole_must_not_fall_with_turnover(tmp_path: Path) -> None:
    """A second table may be right by itself and yet turn the sum around."""
    rebate = """rebate:
    reads: turnover
    outside: turnover-outside
    runs: falling
    banded: {0: "1", 1_000_000: "0.5"}
"""
    step = "      - {table: cost_limit, label: 費用損害の支払限度額}"
    path = draft(
        tmp_path,
        ("  # (limit / 3,000万円) ^ 0.12\n", f"  {rebate}"),
        (step, f"{step}\n      - {{table: rebate, label: 大口割引}}"),
    )

    found = [one.problem for one in lint(path, PRODUCT.form).findings]

    told = next(one for one in found if one.message.startswith("turnover 1000000 costs"))
    assert (told.key, told.file) == ("tables.rebate.banded.1000000", path)
    assert {"0.5 after 1: turnover must be rising", "turnover must be rising"} <= {one.message for one in found}


def test_a_number_outside_the_rows_needs_a_sentence_of_its_own(tmp_path: Path) -> None:
    sentence = "  turnover-outside: 売上高が料率表の範囲(100万円以上5,000億円以下)の外です。\n"
    path = draft(tmp_path, ("    outside: turnover-outside\n", ""), (sentence, ""))

    (found,) = lint(path, PRODUCT.form).findings

    assert found.problem.key == "tables.turnover_curve"
    assert "outside" in found.problem.message


def test_a_grid_shows_only_what_a_price_hangs_on(tmp_path: Path) -> None:
    text = SHIPPED.source.text
    table = text[text.index("  cost_deductible:\n") : text.index("  # Plan by 情報漏えい")]
    path = draft(tmp_path, (table, ""), ("      - {table: cost_deductible, label: 費用損害の免責金額}\n", ""))

    (found,) = lint(path, PRODUCT.form).findings

    assert (found.severity, found.problem.key) == ("warning", "offer.grids.1.columns")


def test_a_minimum_that_everybody_pays_prices_nobody(tmp_path: Path) -> None:
    path = draft(
        tmp_path,
        ('minimum_premium_yen: "30000"', 'minimum_premium_yen: "9000000000"'),
        ('      20_000_000: "5000000" # 2', '      20_000_000: "9000000000" # 2'),
    )

    found = [one.problem for one in lint(path, PRODUCT.form).findings]

    assert [one.message[:13] for one in found if one.key == "minimum_premium_yen"] == ["always binds:"]


def test_an_authority_by_choice_is_looked_at_row_by_row(tmp_path: Path) -> None:
    limits = [choice for choice in SHIPPED.tariff.questions["liability_limit"].choices if isinstance(choice, int)]
    figures = ["200000000", *["5000000"] * (len(limits) - 1)]
    rows = "".join(f'      {limit}: "{figure}"\n' for limit, figure in zip(limits, figures, strict=True))
    block = SHIPPED.source.text.partition("  authority:\n")[2].partition("\n\n")[0]
    head = block.partition("    banded:\n")[0]
    path = draft(tmp_path, (block + "\n", f"{head}    exact:\n{rows}"))

    found = [one.problem for one in lint(path, PRODUCT.form).findings]

    assert [(one.key, one.message[:14]) for one in found] == [("tables.authority.exact.20000000", "never reached:")]


def test_findings_are_lines_as_a_compiler_writes_them(tmp_path: Path) -> None:
    path = draft(tmp_path, ('"1.203720"', '"1.203721"'))

    code, output = run(str(path))

    assert code == 1
    assert output == (
        f"{path}:{line_of(path, '1.203721')}: error: tables.turnover_curve.interpolated.800000: "
        "1.203721, where (800000 / 500000) ^ 0.3945 is 1.203720\n"
    )


def test_nothing_found_is_said_in_one_line() -> None:
    assert run() == (0, "no findings, 10 tables, 127 rows checked\n")


def test_findings_for_machines(tmp_path: Path) -> None:
    path = draft(tmp_path, ('    cap: "0.60"', '    cap: "0.70"'))

    code, output = run(str(path), "--json")

    assert code == 1
    assert json.loads(output) == {
        "findings": [
            {
                "severity": "warning",
                "file": str(path),
                "line": line_of(path, '    cap: "0.70"'),
                "key": "adjustments.controls.cap",
                "message": "never binds: all discounts together are 0.70 at most",
            }
        ],
        "tables": 10,
        "rows": 127,
    }


def test_a_tariff_that_is_not_there_is_no_finding() -> None:
    assert run("2026-12-01")[0] == 2


def power(of: str, one_at: int) -> FollowsSchema:
    return FollowsSchema.model_validate({"power": of, "one_at": one_at, "from": 1, "to": 2})


@pytest.mark.parametrize(
    ("x", "of", "one_at", "due"),
    [
        pytest.param(1, "1", 2_000_000, "0.000001", id="exactly a half goes up"),
        pytest.param(999_999, "1", 2_000_000_000_000, "0.000000", id="a hair below it goes down"),
        pytest.param(1, "0.5", 4_000_000_000_000, "0.000001", id="a root that is exactly a half"),
        pytest.param(625, "0.25", 1, "5.000000", id="a root without rest"),
    ],
)
def test_a_power_is_rounded_half_up_to_the_last_digit(x: int, of: str, one_at: int, due: str) -> None:
    assert power_of(x, power(of, one_at)) == Decimal(due)


@given(st.integers(1, 10**9), st.sampled_from([(1, 2), (1, 4), (3, 4), (2, 1)]), st.integers(1, 10**9))
def test_a_power_lies_within_half_a_millionth(x: int, of: tuple[int, int], one_at: int) -> None:
    """Held against whole numbers: the nearest millionth is neither half above nor half below."""
    above, below = of

    found = Fraction(power_of(x, power(str(Decimal(above) / below), one_at)))

    half = Fraction(1, 2_000_000)
    exact = Fraction(x, one_at) ** above
    assert max(found - half, Fraction()) ** below <= exact < (found + half) ** below
