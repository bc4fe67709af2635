"""Every kind of letter is declared once."""

from typing import get_args

import pytest

from services.notify.domain.letters import LETTERS
from shared.events import LetterKind


def test_every_kind_of_the_published_language_is_declared() -> None:
    assert set(LETTERS) == set(get_args(LetterKind))


def test_customers_get_no_letter_but_those_that_answer_what_they_have_asked_for() -> None:
    """No letter is an advertisement. Red, because one is to be? Read docs/adr/0028-news.md before you add it here.

    Such a letter needs an opt-in that holds, and both headers of RFC 8058, signed.
    A colleague has asked for nothing: somebody of their company has, and their letter advertises nothing.
    """
    to_customers = {kind for kind, letter in LETTERS.items() if letter.role == "customer"}

    assert to_customers == {"receipt", "quote", "referral", "resume", "colleague-asked", "colleague-answered"}


@pytest.mark.parametrize("kind", LETTERS)
def test_no_letter_can_show_an_answer_of_the_disclosure(kind: LetterKind) -> None:
    """告知 answers show the weak points of the customer. The turnover is one of these answers."""
    answers = {"turnover", "industry", "incidents", "incidents_note", "declared", "answers", "savings", "hints"}

    assert not LETTERS[kind].field_names & answers
