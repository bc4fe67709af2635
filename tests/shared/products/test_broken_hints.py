"""Hints about nothing, or that say two things, stop the start and name their place."""

from pathlib import Path
from typing import Final

import pytest

from shared.products import load_product
from shared.products.hints import Hint
from tests.shared.products.builders import Change, copy_of_the_product, problems_in

LOW: Final = "questions: [d3_01_b, d3_01_c,"
ISMS: Final = """\
  - questions: [d3_22]
    choice: isms
    effort: high
    costs: 500_000
    why: 見本。審査機関の料金と社内の人件費により異なる
"""


def row(sentence: str, old: str, new: str, key: str, message: str) -> object:
    return pytest.param(Change("product.yaml", old, new, f"hints{key}", message), id=sentence)


CHANGES = [
    row(
        "a question that the form has not",
        LOW,
        "questions: [d9_99, d3_01_c,",
        ".0.questions.0",
        "there is no question d9_99",
    ),
    row("a choice that the question has not", "choice: isms", "choice: soc2", ".3.choice", "d3_22 has no choice soc2"),
    row("the same twice", LOW, "questions: [d3_01_c, d3_01_c,", ".0.questions.1", "d3_01_c has a hint already"),
    row(
        "costs without a source",
        ISMS,
        ISMS.partition("    why")[0].replace("]", "] # here"),
        ".3",
        "costs and why (where the figure is from) stand together",
    ),
    row(
        "an effort in other words",
        "effort: low",
        "effort: easy",
        ".0.effort",
        "Input should be 'low', 'middle' or 'high'",
    ),
    row("costs below nothing", "costs: 500_000", "costs: -1", ".3.costs", "Input should be greater than or equal to 1"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_broken_hint_is_named_with_its_place(change: Change, tmp_path: Path) -> None:
    folder = copy_of_the_product(tmp_path)
    expected = change.make(folder)

    assert [problem for problem in problems_in(folder) if problem == expected] == [expected]


def test_a_product_may_say_nothing_of_it(tmp_path: Path) -> None:
    folder = copy_of_the_product(tmp_path)
    text = (folder / "product.yaml").read_text("utf-8")
    begins = text.index("hints:\n")
    (folder / "product.yaml").write_text(text[:begins] + text[text.index("# The agency's own pages") :], "utf-8")

    assert load_product(folder).hints == ()


def test_what_is_said_of_several_questions_holds_for_each(tmp_path: Path) -> None:
    hints = load_product(copy_of_the_product(tmp_path)).hints

    assert Hint(question="d3_12", effort="low") in hints
    assert Hint(question="d3_22", choice="isms", effort="high", costs=500_000) in hints
