"""A product keeps its earlier forms: what was answered under one of them is shown in its words."""

from pathlib import Path

from shared.products import load_product
from tests.shared.products.builders import (
    ORIGINAL,
    REMOVED_INDUSTRY,
    RENAMED_PLAN,
    REWORDED_DECLARATION,
    copy_of_the_product,
    problems_in,
    release_form,
    replace_once,
)


def labels(form_labels: Path, version: str, key: str) -> list[str]:
    form = load_product(form_labels).form_of(version)
    return [choice.label for choice in form.question(key).choices] if form else []


def test_the_form_of_each_version_has_the_words_of_its_time(tmp_path: Path) -> None:
    """There was one form, today's: after a release every earlier answer was read in words that nobody had seen."""
    folder = copy_of_the_product(tmp_path)
    first = release_form(folder, RENAMED_PLAN)
    today = load_product(folder).form.version

    assert labels(folder, first.version, "plan")[0] == "ベーシック"
    assert labels(folder, today, "plan")[0] == "スタンダード"


def test_every_earlier_form_is_kept_and_not_only_the_last(tmp_path: Path) -> None:
    folder = copy_of_the_product(tmp_path)
    first = release_form(folder, RENAMED_PLAN)
    second = release_form(folder, REMOVED_INDUSTRY)

    assert load_product(folder).former_forms.keys() == {first.version, second.version}
    assert "小売業" in labels(folder, second.version, "industry")


def test_of_a_version_that_was_never_kept_there_is_no_form() -> None:
    """Whoever asks must decide what then is right; nobody gets today's form unasked."""
    product = load_product(ORIGINAL)

    assert product.form_of("2025-10-01+00000000") is None
    assert product.form_of("2026-10-01") is None


def test_a_product_without_earlier_forms_has_none() -> None:
    assert load_product(ORIGINAL).former_forms == {}


def test_a_former_form_that_was_changed_afterwards_stops_the_start(tmp_path: Path) -> None:
    """Its name is its version, which has a hash of its content: a correction would change what people have answered."""
    folder = copy_of_the_product(tmp_path)
    first = release_form(folder, REWORDED_DECLARATION)
    former = folder / "former-forms" / f"{first.version}.yaml"
    replace_once(former, "label: 企業名", "label: 会社名")

    (problem,) = problems_in(folder)

    assert problem.file == former
    assert "a former form is never changed, and is called as its version" in problem.message


def test_a_former_form_that_cannot_be_read_stops_the_start_and_is_named(tmp_path: Path) -> None:
    folder = copy_of_the_product(tmp_path)
    former = folder / "former-forms" / "2026-10-01.yaml"
    former.parent.mkdir()
    former.write_text("version: [", "utf-8")

    assert {problem.file for problem in problems_in(folder)} == {former}
