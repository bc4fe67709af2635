"""A tariff is checked as a whole before it prices anybody; each mistake is told with its file, line and key."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from shared.products import Problem, ProductError, load_products
from shared.products.tariff import Tariff, load_tariff

PRODUCT: Final = load_products()["cyber-security"]
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
    pytest.param(('      wide: "1.25"', "      #"), "tables.plan.exact", "wide", id="a plan forgotten"),
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
    pytest.param(
        ('      yes: "0.936"', "      yes: 0.936"), "tables.leak_only.exact.yes", "quotes", id="a bare figure"
    ),
    pytest.param(
        ('      yes: "0.936"', '      yes: "0.9360001"'),
        "tables.leak_only.exact.yes",
        "decimals",
        id="too many decimals",
    ),
    pytest.param(('      yes: "0.936"', '      yes: "NaN"'), "tables.leak_only.exact.yes", "figure", id="not a number"),
    pytest.param(
        ('      yes: "0.936"', '      yes: "-0.9"'), "tables.leak_only.exact.yes", "nought", id="below nought"
    ),
    pytest.param(
        ('      yes: "0.936"', '      yes: "0"'), "tables.leak_only.exact.yes", "give", id="cover for nothing"
    ),
    pytest.param(("    reads: plan", "    reads: plann"), "tables.plan.reads", "plann", id="a question nobody asks"),
    pytest.param(
        ("    reads: plan", "    reads: company"), "tables.plan.reads", "company", id="a question without choices"
    ),
    pytest.param(("    reads: plan", "    raeds: plan"), "tables.plan.raeds", "Extra", id="an unknown key"),
    pytest.param(("round_to_yen: 10 ", "round_to_yen: 0 "), "round_to_yen", "greater", id="rounding to nothing"),
    pytest.param(
        ("        d3_19: {weight: 3, credit: in_place}", "        #"), "neutral", "d3_19", id="a question nobody prices"
    ),
    pytest.param(
        ("        d3_19: {weight: 3, credit: in_place}", "        d3_15_a: {weight: 3, credit: in_place}"),
        "adjustments.controls.score.weights.d3_15_a",
        "twice",
        id="a question scored twice",
    ),
    pytest.param(
        ("        d3_19: {weight: 3, credit: in_place}", "        d3_19: {weight: 3, credit: in_palce}"),
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
        ("      - {table: plan, label: プラン}", "      #"), "tables.plan", "no part", id="a table nobody uses"
    ),
    pytest.param(
        ("      - {table: plan, label: プラン}", "      - {table: plane, label: プラン}"),
        "parts.0.steps.5.table",
        "plane",
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
        ('authority_yen: "5000000"', 'authority_yen: "100"'), "authority_yen", "below", id="no authority at all"
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
    text = edited(('      yes: "0.936"', "      yes: 0.936"))

    (found,) = problems(tmp_path, text)

    assert text.splitlines()[found.line - 1] == "      yes: 0.936"


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = edited(('      retail: "92800"', "      #"), ('    cap: "0.60"', '    cap: "1"'))

    assert len(problems(tmp_path, text)) == 2


def rows() -> list[int]:
    """The lines of the shipped tariff's tables and weights that hold one row each."""
    lines = TEXT.splitlines()
    start, end = lines.index("tables:"), lines.index("parts:")
    return [number for number in range(start, end) if '"' in lines[number] or "{weight" in lines[number]]


@pytest.mark.parametrize("row", rows())
def test_a_table_with_one_row_deleted_is_refused_or_still_says_the_neighbours(tmp_path: Path, row: int) -> None:
    """A missing choice must never price somebody by accident. An inner point of the curve may go: a line remains."""
    lines = TEXT.splitlines(keepends=True)
    deleted = "".join(lines[:row] + lines[row + 1 :])

    curve = lines.index("    interpolated:\n")
    if curve < row < curve + 59:
        assert loaded(tmp_path, deleted).parts
    else:
        assert problems(tmp_path, deleted)
