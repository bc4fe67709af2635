"""What staff did with a case, in whatever order its facts arrived."""

from datetime import timedelta
from itertools import permutations

import pytest

from services.dashboard.domain.case import Case, case_of
from services.dashboard.domain.facts import Fact
from shared.events import NoteAdded
from tests.services.dashboard.builders import (
    NOON,
    a_closing,
    a_contact,
    a_note,
    a_posting,
    a_reopening,
    a_request,
    an_assignment,
)


def a_case(*facts: Fact) -> Case:
    case = case_of([a_request(), *facts])
    assert isinstance(case, Case)
    return case


def test_the_last_assignment_says_who_is_responsible() -> None:
    first, second = an_assignment(to="hanako", minutes=1), an_assignment(to="taro", minutes=2)

    assert {a_case(*order).work.assignee for order in permutations([first, second])} == {"taro"}
    assert a_case(first, an_assignment(to=None, minutes=3)).work.assignee is None
    assert a_case().work.assignee is None


def test_the_first_try_to_reach_the_customer_counts_even_if_nobody_answered() -> None:
    work = a_case(a_contact(outcome="reached", minutes=20), a_contact(outcome="no-answer", minutes=5)).work

    assert work.first_contact_at == NOON + timedelta(minutes=5)
    assert [one.outcome for one in work.contacts] == ["no-answer", "reached"]


def test_the_last_contact_says_when_to_call_again() -> None:
    again = NOON + timedelta(hours=3)
    waiting = a_contact(outcome="call-again", minutes=5, again_at=again)

    assert a_case(waiting).work.call_again_at == again
    assert a_case(waiting, a_contact(minutes=20)).work.call_again_at is None


def test_a_case_is_closed_until_it_is_opened_again() -> None:
    closed, reopened = a_closing(outcome="not-taken-up", minutes=12), a_reopening(minutes=13)

    assert a_case(closed).work.closed == closed
    assert a_case(reopened, closed).work.closed is None
    assert a_case(closed, reopened, a_closing(minutes=14)).work.closed is not None


def test_brochures_are_posted_once() -> None:
    assert a_case(a_posting(minutes=9), a_posting(minutes=7)).work.posted == a_posting(minutes=7)


def test_two_notes_are_two_notes() -> None:
    work = a_case(a_note(minutes=1), a_note(minutes=2), a_note(minutes=2)).work

    assert len([one for one in work.done if isinstance(one, NoteAdded)]) == 2


@pytest.mark.parametrize(
    ("fact", "name", "about"),
    [
        (an_assignment(to="taro"), "assigned", "taro"),
        (an_assignment(to=None), "unassigned", "desk"),
        (a_note(), "noted", "desk"),
        (a_contact(), "contacted", "desk"),
        (a_posting(), "posted", "desk"),
        (a_closing(), "closed", "desk"),
        (a_reopening(), "reopened", "desk"),
    ],
)
def test_everything_that_staff_do_is_in_the_timeline(fact: Fact, name: str, about: str) -> None:
    assert [(entry.name, entry.about) for entry in a_case(fact).timeline[1:]] == [(name, about)]
