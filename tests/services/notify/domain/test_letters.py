"""Every kind of letter is declared once."""

from typing import get_args

import pytest

from services.notify.domain.letters import LETTERS
from shared.events import LetterKind


def test_every_kind_of_the_published_language_is_declared() -> None:
    assert set(LETTERS) == set(get_args(LetterKind))


@pytest.mark.parametrize("kind", LETTERS)
def test_no_letter_can_show_an_answer_of_the_disclosure(kind: LetterKind) -> None:
    """告知 answers show the weak points of the customer. The turnover is one of these answers."""
    answers = {"turnover", "industry", "incidents", "incidents_note", "declared", "answers", "savings", "hints"}

    assert not LETTERS[kind].field_names & answers
