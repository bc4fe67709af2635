"""A product is used whole or not at all: whatever is wrong with any of its files is said before anyone is served."""

import shutil
from pathlib import Path

import pytest

from shared.products import Problem, ProductError
from tests.shared.products.builders import (
    ORIGINAL,
    Change,
    copy_of_the_product,
    load_every_part,
    problems_in,
    replace_once,
)


def row(sentence: str, *change: str) -> tuple[str, Change]:
    return sentence, Change(*change)


FIELD = "there is no such field in this letter"
CHANGES = [
    row("an answer in a letter", "letters/quote.txt", "{{ premium }}", "{{ incidents }}", "incidents", FIELD),
    row("another letter's field", "letters/receipt.txt", "{{ accepted_at }}", "{{ premium }}", "premium", FIELD),
    row(
        "a field used in a condition",
        "letters/receipt.txt",
        "{%- if wants_quote %}\n　・お見積りの",
        "{%- if result %}\n　・お見積りの",
        "result",
        FIELD,
    ),
    row(
        "a notice that the product has not",
        "letters/quote.txt",
        "notices.estimate",
        "notices.guess",
        "notices.guess",
        "the product has no such notice",
    ),
    row(
        "no subject",
        "letters/referral.txt",
        "Subject: ",
        "Betreff: ",
        "Subject",
        "the first line is the subject, and the second is empty",
    ),
    row(
        "a brace left open",
        "letters/referral.txt",
        "{{ signature }}",
        "{{ signature }",
        "",
        "cannot be read: unexpected '}'",
    ),
    row(
        "another file in a letter",
        "letters/referral.txt",
        "{{ signature }}",
        "{% include 'x.txt' %}",
        "",
        "a letter stands alone and takes in no other file",
    ),
    row(
        "a character in the form that the papers' fonts lack",
        "form.yaml",
        "            label: 企業名",
        "            label: 企業名👍",
        "U+1F44D",
        "the fonts of the papers cannot print this",
    ),
    row(
        "a name of the insurer from a later day on that the fonts lack",
        "product.yaml",
        '2010-10-01"}',
        '2010-10-01"}\n  - {name: 新会社✔, since: "2027-04-01"} # here',
        "U+2714",
        "the fonts of the papers cannot print this",
    ),
    row(
        "the same, written as a number",
        "product.yaml",
        '2010-10-01"}',
        '2010-10-01"}\n  - {name: "新会社\\u2714", since: "2027-04-01"} # here',
        "U+2714",
        "the fonts of the papers cannot print this",
    ),
    row(
        "an address of the agency that the fonts lack",
        "product.yaml",
        "  address: 〒",
        "  address: ✔〒",
        "U+2714",
        "the fonts of the papers cannot print this",
    ),
    row(
        "a notice that the fonts lack",
        "product.yaml",
        "  premium: 保険料は",
        "  premium: ✔保険料は",
        "U+2714",
        "the fonts of the papers cannot print this",
    ),
    row(
        "a 募集文書番号 that the fonts lack",
        "product.yaml",
        "document_no: 見本",
        "document_no: ✔見本",
        "U+2714",
        "the fonts of the papers cannot print this",
    ),
    row(
        "more columns of premiums than fit the 見積書",
        "tariff/2026-10-01.yaml",
        "      column_values: [0, 100_000, 300_000, 500_000, 1_000_000, 3_000_000]",
        "      column_values: [0, 100_000, 200_000, 300_000, 500_000, 1_000_000, 2_000_000, 3_000_000, 5_000_000]",
        "offer.grids.0.column_values",
        "List should have at most 8 items after validation, not 9",
    ),
    row(
        "a character in a template that the fonts lack",
        "documents/quote.typ",
        "平素より格別の",
        "👍平素より格別の",
        "U+1F44D",
        "the fonts of the papers cannot print this",
    ),
    row(
        "an unknown field on the 見積書",
        "documents/quote.typ",
        "#typed(quote.company)~御中",
        "#quote.firm 御中",
        "quote.firm",
        "there is no such field",
    ),
    row(
        "an unknown field of the agency",
        "documents/quote.typ",
        "    agency.address",
        "    agency.street",
        "agency.street",
        "there is no such field",
    ),
    row(
        "a gap in the tariff",
        "tariff/2026-10-01.yaml",
        'exact:\n      10_000_000: "0.876487"',
        'exact: # here\n      # "0.876487"',
        "tables.cost_limit.exact",
        "no row for 10000000 of cost_limit, and no rule refers it",
    ),
    row(
        "an unknown way of release",
        "product.yaml",
        "release: auto",
        "release: later",
        "release",
        "Input should be 'auto' or 'desk'",
    ),
    row(
        "a day that no calendar has",
        "product.yaml",
        "2010-10-01",
        "2010-13-01",
        "insurers.0.since",
        "month must be in 1..12",
    ),
    row(
        "a new name before its time",
        "product.yaml",
        '2010-10-01"}',
        '2010-10-01"}\n  - {name: 新会社, since: "2009-04-01"} # here',
        "insurers.1.since",
        "is not after the one before",
    ),
    row(
        "a mail address without a host",
        "product.yaml",
        "mihon@",
        "mihon.",
        "agency.email",
        "String should match pattern '^[^@\\s]+@[^@\\s]+$'",
    ),
    row(
        "a key that stands twice",
        "product.yaml",
        "release: auto",
        "release: auto\nrelease: desk # here",
        "release",
        "stands twice",
    ),
    row(
        "an alias",
        "product.yaml",
        "release: auto",
        "release: &way auto\nhow: *way # here",
        "how",
        "is an alias; write the value out",
    ),
    row(
        "a tag",
        "product.yaml",
        "release: auto",
        "release: !!python/name:os auto",
        "release",
        "has a tag (tag:yaml.org,2002:python/name:os); write plain text",
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_the_product(tmp_path)


@pytest.mark.parametrize("change", dict(CHANGES).values(), ids=dict(CHANGES))
def test_the_file_the_line_and_the_key_are_named(folder: Path, change: Change) -> None:
    expected = change.make(folder)

    assert problems_in(folder) == (expected,)


def test_what_only_pages_show_may_have_signs_that_papers_cannot_print(folder: Path) -> None:
    replace_once(folder / "product.yaml", "この画面から、", "✔ この画面から、")

    assert problems_in(folder) == ()


def test_a_missing_entry_is_named_where_it_should_stand(folder: Path) -> None:
    replace_once(folder / "product.yaml", "  hours:", "  # hours:")

    [problem] = problems_in(folder)

    assert (problem.key, problem.message) == ("agency.hours", "is missing")
    assert "agency:" in (folder / "product.yaml").read_text(encoding="utf-8").splitlines()[problem.line - 1]


@pytest.mark.parametrize(
    "file",
    [
        "product.yaml",
        "form.yaml",
        "letters/desk-late.txt",
        "documents/quote.typ",
        "documents/copy.typ",
        "documents/questionnaire.typ",
    ],
)
def test_a_file_that_is_not_there_is_missed(folder: Path, file: str) -> None:
    (folder / file).unlink()

    assert problems_in(folder) == (Problem(folder / file, 0, "", "cannot be read (No such file or directory)"),)


@pytest.mark.parametrize("file", ["product.yaml", "form.yaml", "tariff/2026-10-01.yaml", "letters/quote.txt"])
def test_a_file_in_another_encoding_is_told_so(folder: Path, file: str) -> None:
    """Japanese editors still write Shift_JIS."""
    text = (folder / file).read_text(encoding="utf-8")

    (folder / file).write_bytes(text.encode("cp932", errors="replace"))

    assert problems_in(folder) == (Problem(folder / file, 0, "", "is not UTF-8 text"),)


def test_a_file_that_is_not_yaml_is_told_in_which_line(folder: Path) -> None:
    (folder / "form.yaml").write_text("version: 1\npages: [\n", encoding="utf-8")

    [problem] = problems_in(folder)

    assert (problem.file, problem.line) == (folder / "form.yaml", 3)
    assert problem.message.startswith("is not YAML")


def test_a_product_without_any_tariff_is_refused(folder: Path) -> None:
    (folder / "tariff" / "2026-10-01.yaml").unlink()

    assert problems_in(folder) == (Problem(folder / "tariff", 0, "", "there is no tariff"),)


def test_a_letter_of_no_known_kind_is_refused(folder: Path) -> None:
    """It would never be sent, and whoever wrote it would wait for that."""
    shutil.copy(folder / "letters" / "quote.txt", folder / "letters" / "quotes.txt")

    assert problems_in(folder) == (
        Problem(folder / "letters" / "quotes.txt", 0, "quotes.txt", "there is no such kind of letter"),
    )


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    """To learn of one mistake at each start would take all day."""
    broken = tmp_path / "broken-one"
    shutil.copytree(ORIGINAL, broken)
    replace_once(broken / "product.yaml", "release: auto", "release: later")
    replace_once(broken / "form.yaml", "when: {d3_02: yes}", "when: {d3_99: yes}")
    replace_once(broken / "form.yaml", "default: 30_000_000", "default: 31_000_000")
    shutil.copytree(ORIGINAL, tmp_path / "broken-two")
    (tmp_path / "broken-two" / "letters" / "desk.txt").unlink()
    replace_once(tmp_path / "broken-two" / "documents" / "quote.typ", "#typed(quote.company)~御中", "#quote.firm 御中")

    with pytest.raises(ProductError) as refused:
        load_every_part(tmp_path)

    assert [problem.key for problem in refused.value.problems] == [
        "d3_02_a.when",
        "cost_limit.default",
        "release",
        "quote.firm",
        "",
    ]
    assert f"{broken / 'form.yaml'}:" in str(refused.value)
    assert "d3_02_a.when: there is no question d3_99" in str(refused.value)
