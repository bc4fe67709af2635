"""A tariff is checked as a whole before it prices anybody; each mistake is reported with its file, line and key."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from pricing.tariff import Tariff, load_priced_products, load_tariff
from shared.products import Problem, ProductError

PRODUCT: Final = load_priced_products()["cyber-security"]
SHIPPED: Final = PRODUCT.folder / "tariff" / "2026-10-01.yaml"
TEXT: Final = SHIPPED.read_text("utf-8")


def loaded(folder: Path, text: str, name: str = "2026-10-01.yaml") -> Tariff:
    path = folder / name
    path.write_text(text, "utf-8")
    return load_tariff(path, PRODUCT.form)


def edited(*edits: tuple[str, str]) -> str:
    """The shipped tariff with each first text replaced by the second; the first must be there, once."""
    text = TEXT
    for before, after in edits:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def problems(folder: Path, text: str) -> list[Problem]:
    with pytest.raises(ProductError) as refused:
        loaded(folder, text)
    return list(refused.value.problems)


def test_the_shipped_tariff_is_named_by_its_day_and_its_bytes() -> None:
    tariff = load_tariff(SHIPPED, PRODUCT.form)

    assert (tariff.id, tariff.effective) == ("2026-10-01", date(2026, 10, 1))
    assert tariff.sha256 == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()


def test_a_comment_changes_the_hash_and_no_price(tmp_path: Path) -> None:
    """The hash is the file's: nobody has to argue about which edits matter."""
    shipped, commented = load_tariff(SHIPPED, PRODUCT.form), loaded(tmp_path, TEXT + "# reviewed\n")

    assert commented.sha256 != shipped.sha256
    assert commented.parts == shipped.parts


MISTAKES = [
    pytest.param(
        ('      retail: "92800"', "      #"), "tables.industry_base.exact", "retail", id="an industry forgotten"
    ),
    pytest.param(
        ('      wide: {no: "1.250"}', "      #"),
        "tables.scope.crossed",
        "wide",
        id="a row of a crossed table forgotten",
    ),
    pytest.param(
        ('      basic: {no: "1.000", yes: "0.936"}', '      basic: {no: "1.000"}'),
        "tables.scope.crossed.basic",
        "yes",
        id="a place of a crossed table forgotten",
    ),
    pytest.param(
        ("    across: rider_leak_only", "    across: rider_leak"),
        "tables.scope.across",
        "rider_leak",
        id="crossed with",
    ),
    pytest.param(
        ("    across: rider_leak_only", "    #"), "tables.scope", "second question", id="crossed with nothing"
    ),
    pytest.param(
        ('      600_000_000: "4000000"', '      600_000_000: "6000000"'),
        "tables.authority.banded.600000000",
        "falling",
        id="more authority for a higher limit",
    ),
    pytest.param(
        ('      600_000_000: "4000000"', '      10_000_000: "4000000"'),
        "tables.authority.banded.10000000",
        "order",
        id="bands out of order",
    ),
    pytest.param(("authority: authority ", "authority: athority "), "authority", "athority", id="no such authority"),
    pytest.param(
        ("    instead: {plan: basic}", "    instead: {plan: wide}"),
        "unavailable.leak-only-with-wide.instead.plan",
        "unavailable itself",
        id="the nearest cover cannot be had either",
    ),
    pytest.param(
        ("    instead: {plan: basic}", "    instead: {rider_it: no}"),
        "unavailable.leak-only-with-wide.instead",
        "exchanges nothing",
        id="an exchange that mends nothing",
    ),
    pytest.param(
        ("  fuller: {liability_limit: +1, cost_limit: +1}", "  fuller: {plan: +1}"),
        "offer.fuller.plan",
        "amounts",
        id="a step up from a plan",
    ),
    pytest.param(
        ("      column_values: [0, 100_000, 300_000,", "      column_values: [0, 300_000, 100_000,"),
        "offer.grids.0.column_values",
        "rising",
        id="a grid out of order",
    ),
    pytest.param(
        ("      row_values: [10_000_000, 20_000_000,", "      row_values: [10_000_000, 21_000_000,"),
        "offer.grids.1.row_values",
        "21000000",
        id="a grid with a limit that nobody can choose",
    ),
    pytest.param(
        (", truste: TRUSTeの認証の取得}", "}"), "adjustments.controls.certificates.advice", "truste", id="no advice"
    ),
    pytest.param(
        (
            "    when: {industry: [public_body, consumer_loan, ceremonial_mutual_aid]}",
            "    when: {industry: [public_body]}",
        ),
        "tables.industry_base.exact",
        "consumer_loan",
        id="an industry neither priced nor referred",
    ),
    pytest.param(
        ('      retail: "92800"', '      retale: "1"\n      retail: "92800"'),
        "tables.industry_base.exact.retale",
        "no such choice",
        id="a misspelt industry",
    ),
    pytest.param(
        ('      3_000_000: "2.027592"', '      3_000_000: "1.027592"'),
        "tables.turnover_curve.interpolated.3000000",
        "rising",
        id="a curve that dips",
    ),
    pytest.param(
        ('      3_000_000: "2.027592"', '      2_000: "2.027592"'),
        "tables.turnover_curve.interpolated.2000",
        "twice",
        id="a point twice",
    ),
    pytest.param(
        ('      3_000_000: "2.027592"', '      2_100: "2.027592"'),
        "tables.turnover_curve.interpolated.2100",
        "order",
        id="a point out of order",
    ),
    pytest.param(
        ('      10_000_000: "0.650"', '      10_000_000: "0.950"'),
        "tables.liability_deductible.exact.10000000",
        "falling",
        id="a deductible that costs more",
    ),
    pytest.param(('yes: "0.936"', "yes: 0.936"), "tables.scope.crossed.basic.yes", "quotes", id="a bare figure"),
    pytest.param(
        ('basic: {no: "1.000", yes: "0.936"}', 'basic: {no: "1.000", yes: "0.9360001"}'),
        "tables.scope.crossed.basic.yes",
        "decimals",
        id="too many decimals",
    ),
    pytest.param(
        ('basic: {no: "1.000", yes: "0.936"}', 'basic: {no: "1.000", yes: "NaN"}'),
        "tables.scope.crossed.basic.yes",
        "figure",
        id="not a number",
    ),
    pytest.param(
        ('basic: {no: "1.000", yes: "0.936"}', 'basic: {no: "1.000", yes: "-0.9"}'),
        "tables.scope.crossed.basic.yes",
        "nought",
        id="below nought",
    ),
    pytest.param(
        ('basic: {no: "1.000", yes: "0.936"}', 'basic: {no: "1.000", yes: "0"}'),
        "tables.scope.crossed.basic.yes",
        "give",
        id="cover for nothing",
    ),
    pytest.param(
        ("    reads: plan\n", "    reads: plann\n"), "tables.scope.reads", "plann", id="a question nobody asks"
    ),
    pytest.param(
        ("    reads: plan\n", "    reads: company\n"), "tables.scope.reads", "company", id="a question without choices"
    ),
    pytest.param(("    reads: plan\n", "    raeds: plan\n"), "tables.scope.raeds", "Extra", id="an unknown key"),
    pytest.param(("valid_days: 30 ", "valid_days: 0 "), "valid_days", "greater", id="a quote that is never valid"),
    pytest.param(("round_to_yen: 10 ", "round_to_yen: 0 "), "round_to_yen", "greater", id="rounding to nothing"),
    pytest.param(
        ("        d3_19: {weight: 3, credit: in_place,", "        #"), "neutral", "d3_19", id="a question nobody prices"
    ),
    pytest.param(
        ("        d3_19: {weight: 3, credit: in_place,", "        d3_15_a: {weight: 3, credit: in_place,"),
        "adjustments.controls.score.weights.d3_15_a",
        "twice",
        id="a question scored twice",
    ),
    pytest.param(
        ("        d3_19: {weight: 3, credit: in_place,", "        d3_19: {weight: 3, credit: in_palce,"),
        "adjustments.controls.score.weights.d3_19",
        "in_palce",
        id="a misspelt scale",
    ),
    pytest.param(
        ('  in_place: {yes: "1", no: "0", unknown: "0"}', '  in_place: {yes: "1", no: "0"}'),
        "adjustments.controls.score.weights.d3_08",
        "unknown",
        id="わからない left out of a scale",
    ),
    pytest.param(
        ('  in_place: {yes: "1", no: "0", unknown: "0"}', '  in_place: {yes: "1", no: "0", unknown: "0.5"}'),
        "credits.in_place.unknown",
        "unfavourable",
        id="わからない worth more than いいえ",
    ),
    pytest.param(
        ('    sso: "0.4"', '    sso: "1.4"'), "credits.authentication.sso", "between", id="a credit above one"
    ),
    pytest.param(
        ('truste: "0.10", other: "0"', 'other: "0"'),
        "adjustments.controls.certificates.discount",
        "truste",
        id="a certification forgotten",
    ),
    pytest.param(('    cap: "0.60"', '    cap: "1"'), "adjustments.controls.cap", "no premium", id="a free premium"),
    pytest.param(
        ("    when: {incidents: [yes, unknown]}", "    when: {incidents: [yes, perhaps]}"),
        "rules.incident-reported.when.incidents",
        "perhaps",
        id="a rule on no choice",
    ),
    pytest.param(
        ("    when: {d3_03: [yes, unknown]}", "    when: {d3_22: [isms]}"),
        "rules.card-issuing.when.d3_22",
        "ticks",
        id="a rule on ticks",
    ),
    pytest.param(
        ("    when: {rider_it: yes}", "    when: {rider_it: true}"), "parts.1.when.rider_it", "no answers", id="true"
    ),
    pytest.param(
        ("  - label: IT業務特約", "  - label: 基本契約"), "parts.1.label", "earlier", id="two parts of one name"
    ),
    pytest.param(
        ("      - {table: scope, label: プランと情報漏えい限定補償特約}", "      #"),
        "tables.scope",
        "no part",
        id="a table nobody uses",
    ),
    pytest.param(
        (
            "      - {table: scope, label: プランと情報漏えい限定補償特約}",
            "      - {table: scop, label: プランと情報漏えい限定補償特約}",
        ),
        "parts.0.steps.5.table",
        "scop",
        id="a table that is not there",
    ),
    pytest.param(
        ("  over-authority: ", "  over-authoritty: "), "says.over-authoritty", "never", id="a sentence never said"
    ),
    pytest.param(
        ("  missing-answer: 「{question}」の", "  missing-answer: 「{qestion}」の"),
        "says.missing-answer",
        "question",
        id="a wrong gap",
    ),
    pytest.param(
        ('minimum_premium_yen: "30000"', 'minimum_premium_yen: "9000000"'),
        "tables.authority",
        "below",
        id="no authority at all",
    ),
    pytest.param(
        ("  brochure: 資料の", "  industry: 業種\n  brochure: 資料の"),
        "neutral.industry",
        "reads",
        id="neutral and priced",
    ),
    pytest.param(
        ('tariff: "2026-10-01"', 'tariff: "2026-10-02"'), "tariff", "2026-10-01", id="another day than its name"
    ),
    pytest.param(('tariff: "2026-10-01"', 'tariff: "2026-13-01"'), "tariff", "month", id="no such day"),
]


@pytest.mark.parametrize(("edit", "key", "words"), MISTAKES)
def test_a_mistake_is_refused_with_its_place(tmp_path: Path, edit: tuple[str, str], key: str, words: str) -> None:
    text = edited(edit)

    found = problems(tmp_path, text)

    told = [problem for problem in found if problem.key == key and words in problem.message]
    assert told, found
    assert told[0].file == tmp_path / "2026-10-01.yaml"
    assert 1 < told[0].line <= text.count("\n")


def test_the_line_is_that_of_the_mistake(tmp_path: Path) -> None:
    text = edited(('basic: {no: "1.000", yes: "0.936"}', 'basic: {no: "1.000", yes: 0.936}'))

    (found,) = problems(tmp_path, text)

    assert text.splitlines()[found.line - 1].endswith("yes: 0.936}")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = edited(('      retail: "92800"', "      #"), ('    cap: "0.60"', '    cap: "1"'))

    assert len(problems(tmp_path, text)) == 2
