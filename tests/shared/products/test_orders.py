"""The orders of a form: the same questions, each once, on other pages; a broken one stops the start."""

from itertools import product as every_combination
from pathlib import Path
from typing import Any

import pytest

from shared.products import INSURERS_ORDER, Form, load_product, load_products
from tests.shared.products.builders import Change, copy_of_the_product, problems_in, replace_once

COVER_FIRST = "cover-first"


@pytest.fixture(scope="module")
def form() -> Form:
    return load_products()["cyber-security"].form


def slugs(form: Form, answers: dict[str, Any]) -> list[str]:
    return [page.slug for page in form.follow(answers).route()]


def test_customers_are_asked_for_their_wishes_then_for_the_cover_and_last_for_their_name(form: Form) -> None:
    led = form.in_order(COVER_FIRST)

    assert slugs(led, {"quote": "yes", "rider_it": "yes"}) == [
        "wishes",
        "cover",
        "history",
        "policy",
        "technology",
        "operation",
        "it-work",
        "contact",
    ]
    assert slugs(led, {"quote": "no"}) == ["wishes", "contact"]


def test_what_the_declarations_speak_of_is_decided_before_them(form: Form) -> None:
    """The notes on the turnover and on incidents name riders, which were chosen three pages later."""
    order = [question.key for question in form.in_order(COVER_FIRST).questions]

    assert order.index("rider_fixed_premium") < order.index("turnover")
    assert order.index("rider_leak_only") < order.index("incidents")
    assert order.index("rider_it") < order.index("d4_1")
    assert order.index("industry") < min(order.index(key) for key in order if key.startswith("d3_"))


def test_papers_the_desk_and_other_programs_have_the_insurers_order(form: Form) -> None:
    assert form.pages == form.in_order(INSURERS_ORDER).pages == form.in_order("no such order").pages
    assert [page.slug for page in form.pages][:3] == ["contact", "wishes", "history"]


@pytest.mark.parametrize(
    "answers",
    [
        dict(zip(("quote", "rider_it", "d3_01", "incidents"), chosen, strict=True))
        for chosen in every_combination(("yes", "no"), repeat=4)
    ],
)
def test_the_same_answers_lead_to_the_same_questions_in_every_order(form: Form, answers: dict[str, Any]) -> None:
    asked = {
        name: sorted(question.key for question in form.in_order(name).follow(answers).asked) for name in form.orders
    }

    assert asked[COVER_FIRST] == asked[INSURERS_ORDER]


def row(sentence: str, old: str, new: str, key: str, message: str) -> tuple[str, Change]:
    return sentence, Change("form.yaml", old, new, key, message)


_PAGES = "orders.cover-first.pages"
BROKEN = [
    row(
        "a section that no page asks",
        "sections: [industry, terms, riders, disclosure-1]",
        "sections: [industry, riders, disclosure-1]",
        _PAGES,
        "the section terms is not asked",
    ),
    row(
        "a section on two pages",
        "sections: [disclosure-2]",
        "sections: [disclosure-2, riders]",
        _PAGES,
        "the section riders stands twice",
    ),
    row(
        "a section that is not there",
        "sections: [disclosure-2]",
        "sections: [disclosure-2, disclosure-5]",
        "history.sections",
        "no section is called disclosure-5",
    ),
    row(
        "a page that is not there",
        "      - operation\n      - it-work\n",
        "      - operations # here\n      - it-work\n",
        "orders.cover-first.pages.5",
        "there is no page operations",
    ),
]


@pytest.mark.parametrize("change", dict(BROKEN).values(), ids=dict(BROKEN))
def test_an_order_that_loses_or_repeats_a_section_stops_the_start(tmp_path: Path, change: Change) -> None:
    folder = copy_of_the_product(tmp_path)
    expected = change.make(folder)

    found = [(problem.key, problem.message) for problem in problems_in(folder)]

    assert found == [(expected.key, expected.message)]


def test_in_no_order_may_a_question_come_before_what_it_depends_on(tmp_path: Path) -> None:
    folder = copy_of_the_product(tmp_path)
    replace_once(folder / "form.yaml", "      - it-work\n      - contact\n", "      - contact\n")
    replace_once(
        folder / "form.yaml",
        "      - wishes\n      - slug: cover\n",
        "      - it-work\n      - wishes\n      - slug: cover\n",
    )

    found = {(problem.key, problem.message) for problem in problems_in(folder)}

    assert found == {
        (_PAGES, "quote is asked later than what depends on it"),
        (_PAGES, "rider_it is asked later than what depends on it"),
    }


def test_no_order_is_called_as_the_insurers(tmp_path: Path) -> None:
    folder = copy_of_the_product(tmp_path)
    replace_once(folder / "form.yaml", "  cover-first:\n", "  insurer:\n")
    replace_once(folder / "product.yaml", "form_orders: {cover-first: 1}", "form_orders: {insurer: 1}")

    assert [problem.message for problem in problems_in(folder)] == [
        "the order of the pages above is called that already"
    ]


def test_a_product_names_only_orders_that_its_form_has(tmp_path: Path) -> None:
    folder = copy_of_the_product(tmp_path)
    replace_once(folder / "product.yaml", "form_orders: {cover-first: 1}", "form_orders: {cover-last: 1}")

    found = {(problem.file.name, problem.key, problem.message) for problem in problems_in(folder)}

    assert found == {("product.yaml", "form_orders.cover-last", "form.yaml has no order cover-last")}


def test_a_product_that_says_nothing_is_asked_in_the_insurers_order(tmp_path: Path) -> None:
    folder = copy_of_the_product(tmp_path)
    replace_once(folder / "product.yaml", "form_orders: {cover-first: 1}\n", "")

    assert load_product(folder).form_orders == {INSURERS_ORDER: 1}
