"""Answers that came from two sides are merged by question; what contradicts each other is never dropped unseen."""

from dataclasses import replace
from typing import Any, Final
from zlib import crc32

import pytest

from services.intake.domain.draft import Draft, Typed
from services.intake.domain.elsewhere import marks, merged, saved_as_given
from shared.products import Page
from tests.services.intake.builders import a_product


def page_with(*keys: str) -> Page:
    """A page with these questions of the form, wherever it has them."""
    form = a_product().form
    page = form.pages[0]
    questions = tuple(question for question in form.questions if question.key in keys)
    return replace(page, sections=(replace(page.sections[0], questions=questions),))


PAGE: Final = page_with("company", "person", "incidents_note", "plan", "d3_22")


def seen(**typed: Any) -> str:  # noqa: ANN401  # answers are of several kinds
    """The marks of a page that was filled with *typed*."""
    return marks(PAGE.questions, typed)


@pytest.mark.parametrize(
    ("shown", "now", "typed", "stands"),
    [
        pytest.param({}, {}, {"company": "A"}, {"company": "A"}, id="answered here only"),
        pytest.param({}, {"person": "P"}, {"company": "A", "person": ""}, {"company": "A", "person": "P"}, id="each"),
        pytest.param({"company": "A"}, {"company": "B"}, {"company": "A"}, {"company": "B"}, id="changed there only"),
        pytest.param({"company": "A"}, {"company": "A"}, {"company": ""}, {"company": ""}, id="cleared here"),
        pytest.param({"company": "A"}, {}, {"company": "A"}, {"company": ""}, id="cleared there"),
        pytest.param({"d3_22": ["isms"]}, {"d3_22": "isms"}, {"d3_22": []}, {"d3_22": []}, id="one choice is a list"),
        pytest.param({"incidents_note": "a\r\nb"}, {"incidents_note": "a\nb"}, {}, {}, id="either end of a line"),
        pytest.param({}, {}, {"plan": "basic"}, {"plan": "basic"}, id="what was chosen in advance"),
    ],
)
def test_what_was_changed_on_one_side_only_is_merged(
    shown: dict[str, Any], now: dict[str, Any], typed: dict[str, Any], stands: dict[str, Any]
) -> None:
    result = merged(PAGE.questions, Draft(typed=now), typed, seen(**shown))

    assert result.typed == stands
    assert result.contested == {}


def test_what_was_answered_differently_on_both_sides_is_shown_with_both() -> None:
    result = merged(PAGE.questions, Draft(typed={"company": "B"}), {"company": "C"}, seen(company="A"))

    assert result.typed == {"company": "C"}
    assert result.elsewhere == {"company": "B"}


def test_what_this_page_has_not_shown_is_shown_before_it_is_passed() -> None:
    result = merged(PAGE.questions, Draft(typed={"company": "B"}), {"company": "A"}, seen(company="A"))

    assert result.elsewhere == {"company": "B"}


@pytest.mark.parametrize("mark", [None, "", "0123456789ab", ["company=0", "x"], "company"])
def test_a_page_that_says_nothing_of_what_it_showed_is_taken_as_it_is(mark: object) -> None:
    result = merged(PAGE.questions, Draft(typed={"company": "B"}), {"company": "C"}, mark)

    assert (result.typed, result.elsewhere) == ({"company": "C"}, {})


def test_what_this_page_has_saved_itself_is_nobody_else_s() -> None:
    """The reply to a save may be lost on its way: then the page must not take itself for another window."""
    own = seen().replace("company=0", f"company=0,{crc32(b'A'):x}")

    draft, unsaved = saved_as_given(Draft(typed={"company": "A"}), PAGE, {"company": "AB"}, own)

    assert draft.typed == {"company": "AB"}
    assert unsaved == set()


def test_a_save_that_comes_late_changes_nothing_that_was_sent_after_it() -> None:
    sent = Draft(typed={"company": "AB"}, passed=(PAGE.slug,))

    draft, unsaved = saved_as_given(sent, PAGE, {"company": "A"}, seen())

    assert draft.typed == {"company": "AB"}
    assert draft.passed == (PAGE.slug,)
    assert unsaved == {"company"}


def test_what_is_saved_clears_no_answer_of_which_the_page_has_no_mark() -> None:
    of_one = marks([question for question in PAGE.questions if question.key == "person"], {"person": "P"})

    saved, _ = saved_as_given(Draft(typed={"company": "A", "person": "P"}), PAGE, {}, of_one)

    assert saved.typed == {"company": "A"}


def test_what_is_saved_as_it_is_given_never_passes_the_page() -> None:
    passed = Draft(typed={"company": "A", "person": "P"}, passed=(PAGE.slug,))
    same: Typed = {"company": "A", "person": "P"}

    changed, _ = saved_as_given(passed, PAGE, {**same, "company": "B"}, seen(**same))
    unchanged, _ = saved_as_given(passed, PAGE, same, seen(**same))

    assert (changed.passed, unchanged.passed) == ((), (PAGE.slug,))
