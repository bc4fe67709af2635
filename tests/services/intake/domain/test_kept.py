"""What was typed comes back as it was typed; what no person can have sent needs no room."""

import pytest

from services.intake.domain.answers import read
from services.intake.domain.draft import Typed
from services.intake.domain.kept import kept
from shared.answers.reading import Problem
from shared.products import Question
from tests.services.intake.builders import a_product

FORM = a_product().form
CHOICES = [question for question in FORM.questions if question.choices]
TEXTS = [question for question in FORM.questions if not question.choices]


def left_of(question: Question, sent: str | list[str]) -> str | list[str]:
    posted: Typed = {question.key: sent}
    return kept([question], posted)[question.key]


@pytest.mark.parametrize("question", FORM.questions, ids=lambda question: question.key)
@pytest.mark.parametrize(
    "sent",
    [
        pytest.param("x" * 60_000, id="a long text"),
        pytest.param("\U00020000" * 20_000, id="rare characters"),
        pytest.param("\x01" * 20_000, id="control characters"),
        pytest.param(["a", "b"], id="two answers"),
        pytest.param(["", "b" * 60_000], id="nothing and a long text"),
        pytest.param([f"{number}" for number in range(400)], id="as many as a form may have"),
    ],
)
def test_what_is_no_answer_stays_none_however_little_of_it_is_kept(question: Question, sent: str | list[str]) -> None:
    left = left_of(question, sent)

    assert isinstance(read(question, left), Problem)


@pytest.mark.parametrize("question", CHOICES, ids=lambda question: question.key)
def test_of_what_is_no_choice_only_the_beginning_is_kept_and_it_never_becomes_one(question: Question) -> None:
    """800 characters of each were kept, in up to six bytes: 231 KB in one draft, whose docstring said 10 KB."""
    for choice in question.choices:
        left = left_of(question, choice.value + "x" * 800)

        assert len(str(left)) < 10
        assert isinstance(read(question, left), Problem)


@pytest.mark.parametrize("question", CHOICES, ids=lambda question: question.key)
def test_every_choice_is_kept_alone_and_among_a_thousand_others(question: Question) -> None:
    for choice in question.choices:
        assert left_of(question, choice.value) == choice.value
        assert choice.value in left_of(question, [*(f"no choice {number}" for number in range(1_000)), choice.value])


def test_all_choices_of_a_list_are_kept_and_of_others_two() -> None:
    question = FORM.question("d3_22")
    chosen = [choice.value for choice in question.choices]

    assert left_of(question, [*chosen, *chosen, *(f"w{number}" for number in range(1_000))]) == [*chosen, "w0", "w1"]


@pytest.mark.parametrize("question", TEXTS, ids=lambda question: question.key)
def test_japanese_text_of_four_times_its_longest_is_kept_whole(question: Question) -> None:
    """Whoever pastes too much must be able to shorten it."""
    typed = "鷗" * (4 * (question.max_length or 64))

    assert left_of(question, typed) == typed


def test_the_last_of_two_texts_stays_in_the_field() -> None:
    assert left_of(FORM.question("company"), ["見本商会", "見本工業"]) == ["", "見本工業"]
