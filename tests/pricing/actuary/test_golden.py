"""Golden cases: worked out beside the tariff, checked by every test run, and read strictly."""

import json
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from cli.tariff.golden import check_golden
from pricing.actuary.golden import Mismatch, check_cases, read_golden_cases
from pricing.actuary.tariff_file import load_tariff_file
from pricing.tariff import PricedProduct, load_priced_products
from shared.products import ProductError
from tests.pricing.actuary.builders import SHIPPED, draft, draft_file, golden_beside_draft, line_of
from tests.pricing.builders import PRODUCT

COMMAND = Typer()
COMMAND.command()(check_golden)

EVERY = [(product, tariff.id) for product in load_priced_products().values() for tariff in product.tariffs]


@pytest.mark.parametrize(("product", "tariff"), EVERY, ids=[f"{product.slug} {tariff}" for product, tariff in EVERY])
def test_every_tariff_that_ships_has_golden_cases_and_they_hold(product: PricedProduct, tariff: str) -> None:
    file = load_tariff_file(tariff, product)

    outcomes = check_cases(read_golden_cases(file.golden_path, file.form), file.tariff)

    assert [outcome for outcome in outcomes if outcome.mismatches] == []


def test_golden_cases_cover_every_reason_and_every_exchange_of_a_tariff() -> None:
    golden = read_golden_cases(SHIPPED.golden_path, PRODUCT.form)
    schema = SHIPPED.schema

    reasons = {code for case in golden.cases for code in case.referred or ()}
    exchanged = {change.rule for case in golden.cases for change in case.changes}

    assert reasons >= {*schema.rules, *schema.says}
    assert exchanged == {*schema.unavailable}


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(COMMAND, list(arguments))
    return result.exit_code, result.output


def test_a_dearer_row_fails_the_cases_that_read_it_with_what_they_come_to(tmp_path: Path) -> None:
    golden = read_golden_cases(SHIPPED.golden_path, PRODUCT.form)
    file = draft_file(tmp_path, ('      medical: "186000"', '      medical: "187000"'))

    outcomes = check_cases(golden, file.tariff)

    (failed,) = (outcome for outcome in outcomes if outcome.mismatches)
    assert failed.case == "認証割引の上限30%"
    assert failed.mismatches[0] == Mismatch("premium", "87,820円", "88,290円")
    assert failed.mismatches[1] == Mismatch("working 1", "業種別の基本保険料 = 186000", "業種別の基本保険料 = 187000")


def test_a_failing_case_is_shown_line_by_line(tmp_path: Path) -> None:
    path = draft(tmp_path, ("    instead: {rider_leak_only: no}", "    instead: {rider_it: no}"))
    golden_beside_draft(tmp_path)

    code, output = run(str(path))

    assert code == 1
    assert output.startswith("✗ 情報漏えい限定とIT業務は同時に付帯できない\n    premium\n")
    assert "      期待  rider_leak_only yes → no (leak-only-with-it)\n" in output
    assert "      実際  rider_it yes → no (leak-only-with-it)\n" in output
    assert output.endswith("検算例 36件、うち不一致 1件\n")


def test_a_referral_where_a_premium_is_expected_says_why(tmp_path: Path) -> None:
    path = draft(tmp_path)
    golden_beside_draft(tmp_path, ("  - name: 中立点\n", "  - name: 中立点\n    answers: {incidents: yes}\n"))

    code, output = run(str(path), "--json")

    assert code == 1
    (failed,) = (outcome for outcome in json.loads(output)[str(path)] if outcome["mismatches"])
    assert failed["mismatches"][0] == {"what": "premium", "expected": "92,800円", "actual": "-"}
    assert failed["mismatches"][-1] == {"what": "referred 1", "expected": "-", "actual": "incident-reported"}


@pytest.mark.parametrize(
    ("before", "after", "mismatch"),
    [
        pytest.param("lighter: 72_100", "lighter: 72_110", ("beside lighter", "72,110円", "72,100円"), id="lighter"),
        pytest.param(
            "    beside: {lighter: 72_100, fuller: 114_230}",
            "    beside: {lighter: 72_100}",
            ("beside fuller", "-", "114,230円"),
            id="an option that the case does not name",
        ),
        pytest.param(
            "{at: {cost_limit: 10_000_000, cost_deductible: 10_000_000}, premium: ~}",
            "{at: {cost_limit: 10_000_000, cost_deductible: 10_000_000}, premium: 30_000}",
            ("cell cost_limit 10000000, cost_deductible 10000000", "30,000円", "no premium"),
            id="a cell with a note",
        ),
        pytest.param(
            "{at: {cost_limit: 10_000_000, cost_deductible: 10_000_000}, premium: ~}",
            "{at: {cost_limit: 400_000_000, cost_deductible: 0}, premium: 30_000}",
            ("cell cost_limit 400000000, cost_deductible 0", "30,000円", "-"),
            id="a cell that no grid has",
        ),
    ],
)
def test_what_is_shown_beside_is_checked_too(
    tmp_path: Path, before: str, after: str, mismatch: tuple[str, str, str]
) -> None:
    path = golden_beside_draft(tmp_path, (before, after))

    outcomes = check_cases(read_golden_cases(path, PRODUCT.form), SHIPPED.tariff)

    assert [found for outcome in outcomes for found in outcome.mismatches] == [Mismatch(*mismatch)]


def test_the_shipped_cases_all_hold() -> None:
    assert run() == (0, "検算例 36件、うち不一致 0件\n")


def test_a_tariff_without_golden_cases_cannot_be_checked(tmp_path: Path) -> None:
    path = draft(tmp_path)

    assert run(str(path))[0] == 2


@pytest.mark.parametrize(
    ("before", "after", "key", "words"),
    [
        pytest.param("    premium: 116_450", "    premiun: 116_450", "cases.1.premiun", "known", id="an unknown key"),
        pytest.param(
            "    premium: 116_450", "    #116_450", "cases.1", "either a premium or is referred", id="no outcome"
        ),
        pytest.param(
            "    referred: [ineligible-industry]",
            "    referred: [ineligible-industry]\n    cells: [{at: {a: 1, b: 2}, premium: 1}]",
            "cases.27",
            "nothing but reasons",
            id="a referral with a premium in a cell",
        ),
        pytest.param("    premium: 116_450", '    premium: "116450"', "cases.1.premium", "integer", id="yen as text"),
        pytest.param(
            "  - name: 最低保険料\n",
            "  - name: 中立点\n",
            "cases.6.name",
            "earlier case",
            id="a name that is there twice",
        ),
        pytest.param(
            "  - name: 中立点\n",
            "  - name: 中立点\n    answers: {incident: yes}\n",
            "cases.0.answers.incident",
            "no such question",
            id="an answer to no question",
        ),
        pytest.param("  d3_21: no\n", "  d3_23: no\n", "base.d3_23", "no such question", id="in the base, too"),
        pytest.param('tariff: "2026-10-01"', 'tariff: "2026-11-01"', "tariff", "called", id="another tariff's cases"),
    ],
)
def test_a_file_of_cases_is_read_strictly(tmp_path: Path, before: str, after: str, key: str, words: str) -> None:
    path = golden_beside_draft(tmp_path, (before, after))

    with pytest.raises(ProductError) as refused:
        read_golden_cases(path, PRODUCT.form)

    (problem,) = refused.value.problems
    assert (problem.file, problem.key) == (path, key)
    assert words in problem.message
    assert problem.line > 1


def test_a_case_that_is_wrong_is_reported_with_its_line(tmp_path: Path) -> None:
    path = golden_beside_draft(tmp_path, ("    premium: 116_450", "    premiun: 116_450"))

    with pytest.raises(ProductError) as refused:
        read_golden_cases(path, PRODUCT.form)

    assert [problem.line for problem in refused.value.problems] == [line_of(path, "premiun")]
