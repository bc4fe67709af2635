"""A case is what its facts say, in whatever order and however often they came."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.domain.case import Case, State, case_of
from services.dashboard.domain.facts import Fact
from services.dashboard.entrypoints.web.wording import duration
from tests.services.dashboard.builders import (
    NOON,
    REQUEST,
    a_correction,
    a_decision,
    a_letter_bounced,
    a_letter_failed,
    a_letter_sent,
    a_nearest_offer,
    a_referral,
    a_release,
    a_release_of_mails,
    a_request,
    a_whole_story,
    an_offer,
    an_opt_out,
)

STORY = a_whole_story()
HELD = a_request(suspicions=("honeypot",))
TWO = [a_request(), an_offer(), an_offer(revision=2)]
SECOND = f"{REQUEST}:r2"
A_DAY_LATER = an_offer(revision=2).model_copy(update={"issued_at": NOON + timedelta(days=1)})


def the_case(*facts: Fact) -> Case:
    case = case_of(facts)
    assert isinstance(case, Case)
    return case


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        pytest.param([a_request()], State.RECEIVED, id="a request alone was received"),
        pytest.param([a_request(), an_offer()], State.QUOTED, id="a price makes it quoted"),
        pytest.param([a_request(), a_referral()], State.REFERRED, id="a referral waits for a person"),
        pytest.param([a_request(quote=False)], State.DOCUMENTS_ONLY, id="no quote wish, documents only"),
        pytest.param([a_request(), a_referral(), an_offer(revision=2)], State.QUOTED, id="the later revision decides"),
        pytest.param([a_request(), an_offer(), a_referral(revision=2)], State.REFERRED, id="also to the worse"),
    ],
)
def test_the_state_follows_from_the_facts(facts: list[Fact], state: State) -> None:
    assert the_case(*facts).state is state


def test_without_its_request_there_is_no_case_yet() -> None:
    assert case_of([an_offer(), a_letter_sent()]) is None


@given(
    facts=st.permutations(STORY),
    arrived=st.integers(0, len(STORY)),
    again=st.lists(st.sampled_from(range(len(STORY))), max_size=5),
)
def test_facts_in_any_order_and_repeated_make_the_same_case(facts: list[Fact], arrived: int, again: list[int]) -> None:
    """However much of the story has arrived."""
    known = facts[:arrived]
    repeated = [facts[index] for index in again if index < arrived]

    assert case_of([*known, *repeated]) == case_of(sorted(known, key=STORY.index))


def test_a_fact_of_another_kind_with_the_id_of_the_request_takes_no_case_away() -> None:
    """A quote whose `quote_id` is the request's id stood in its place, and no page showed the case."""
    quote = an_offer().model_copy(update={"quote_id": REQUEST})

    case = the_case(a_request(), quote)

    assert (case.state, case.quotes) == (State.QUOTED, (quote,))


def test_the_premium_is_that_of_the_chosen_option_of_the_latest_quote() -> None:
    case = the_case(a_request(), an_offer(67_000), an_offer(61_640, revision=2))

    assert case.premium_yen == 61_640


def test_without_a_chosen_option_the_nearest_one_heads_the_quote() -> None:
    assert the_case(a_request(), a_nearest_offer(57_860)).premium_yen == 57_860


def test_a_decision_of_the_desk_is_a_line_of_the_story_and_told_once() -> None:
    case = the_case(a_request(), an_offer(), a_decision(), a_decision())

    assert [step.about for step in case.timeline if step.name == "decided"] == ["hanako"]


def test_a_referral_takes_the_earlier_premium_off_the_list() -> None:
    assert the_case(a_request(), an_offer(67_000), a_referral(revision=2)).premium_yen is None


def test_the_time_to_answer_runs_from_the_request_to_the_letter_that_answers_it() -> None:
    """The receipt goes out sooner, but a customer who wished a quote waits for the quote."""
    receipt = a_letter_sent("receipt", after=timedelta(seconds=1))
    quote = a_letter_sent("quote", after=timedelta(seconds=4))

    assert the_case(a_request(), an_offer(), receipt, quote).answered_after == timedelta(seconds=4)
    assert the_case(a_request(), an_offer(), receipt).answered_after is None
    assert the_case(a_request(quote=False), receipt).answered_after == timedelta(seconds=1)


def test_letters_that_should_come_are_shown_as_waiting() -> None:
    case = the_case(a_request(), an_offer(), a_letter_sent("receipt"))

    assert [(letter.kind, letter.state) for letter in case.letters] == [
        ("receipt", "sent"),
        ("quote", "waiting"),
        ("desk", "waiting"),
    ]


def test_letters_still_to_come_stand_in_one_order_whatever_came_first() -> None:
    facts: list[Fact] = [a_request(), a_referral(revision=1), an_offer(revision=2)]

    assert the_case(*facts).letters == the_case(*reversed(facts)).letters


@pytest.mark.parametrize(
    ("facts", "waits_for"),
    [
        pytest.param([HELD, an_offer(), an_offer(revision=2)], ["quote"], id="all mails wait: the latest will go"),
        pytest.param([HELD, a_referral(), an_offer(revision=2), a_release_of_mails()], ["quote"], id="it was let go"),
        pytest.param(
            [HELD, an_offer(), a_release_of_mails(), A_DAY_LATER], ["quote"] * 2, id="one was let go, one came"
        ),
        pytest.param([*TWO, a_release(SECOND)], ["quote"], id="the second was released"),
        pytest.param([*TWO, a_release()], ["quote"] * 2, id="the first was released"),
    ],
)
def test_nobody_waits_for_a_letter_about_a_revision_that_was_replaced_before_anything_went_out(
    facts: list[Fact], waits_for: list[str]
) -> None:
    """The case said for ever that it was being sent again and again."""
    case = the_case(*facts)

    assert [one.kind for one in case.letters if one.kind in {"quote", "referral"}] == waits_for


def test_every_revision_has_its_own_letter_to_wait_for() -> None:
    case = the_case(a_request(), an_offer(), an_offer(revision=2), a_letter_sent("quote"))

    assert sorted((letter.kind, letter.state) for letter in case.letters if letter.kind == "quote") == [
        ("quote", "sent"),
        ("quote", "waiting"),
    ]


def test_a_failed_letter_is_what_the_list_shows_first() -> None:
    case = the_case(a_request(), an_offer(), a_letter_sent("quote"), a_letter_failed("desk"))

    assert case.mail == "failed"


@pytest.mark.parametrize("after", [timedelta(minutes=1), timedelta()])
def test_a_letter_that_came_back_did_not_arrive_whatever_was_said_before(after: timedelta) -> None:
    """The clocks of two hosts differ, so its return may seem to be the earlier of the two."""
    facts: list[Fact] = [a_request(), an_offer(), a_letter_sent("quote"), a_letter_failed("quote")]

    case = the_case(*facts, a_letter_bounced("quote", "mailbox-full", after=after))

    assert case.mail == "failed"
    assert [(one.kind, one.bounce, one.is_not_made) for one in case.failed_letters] == [
        ("quote", "mailbox-full", False)
    ]
    assert "bounced" in [step.name for step in case.timeline if step.about == "quote"]
    assert case.answered_after is None


def test_a_letter_that_came_back_from_an_address_which_was_corrected_since_needs_nobody() -> None:
    case = the_case(a_request(), an_offer(), a_letter_sent("quote"), a_letter_bounced("quote"), a_correction())

    assert case.failed_letters == ()


def test_a_letter_that_was_sent_after_all_is_not_failed() -> None:
    case = the_case(a_request(), an_offer(), a_letter_sent("quote"), a_letter_failed("quote"))

    assert case.mail == "sent"
    assert [step.name for step in case.timeline if step.about == "quote"] == ["failed", "sent"]


def test_a_customer_who_stops_the_news_changes_nothing_of_the_case_but_its_timeline() -> None:
    before = the_case(*STORY)

    case = the_case(*STORY, an_opt_out(minutes=90))

    assert [(step.name, step.at) for step in case.timeline if step not in before.timeline] == [
        ("news-opted-out", NOON + timedelta(minutes=90))
    ]
    assert (case.mail, case.state, case.decisions) == (before.mail, before.state, before.decisions)
    assert case.last_decided_at == before.last_decided_at


def test_the_timeline_tells_everything_in_the_order_of_time() -> None:
    case = the_case(*reversed(STORY))

    assert [step.at for step in case.timeline] == sorted(step.at for step in case.timeline)
    assert (case.timeline[0].at, case.timeline[0].name) == (NOON, "received")
    assert len(case.timeline) == len(STORY)


def test_a_release_holds_for_the_revision_that_it_names() -> None:
    released = the_case(a_request(), an_offer(), a_release(f"{REQUEST}:r1"))
    revised = the_case(a_request(), an_offer(), a_release(f"{REQUEST}:r1"), an_offer(revision=2))

    assert released.unreleased is None
    assert revised.unreleased is revised.quote


def test_clocks_that_differ_make_no_answer_before_its_question() -> None:
    """The host of the mails was nine hours behind: the page showed -32400.0秒."""
    quote = a_letter_sent("quote", after=timedelta(hours=-9))

    assert the_case(a_request(), an_offer(), quote).answered_after == timedelta()
    assert duration(timedelta(hours=-9)) == "0.0秒"


def test_a_revision_that_staff_asked_for_is_awaited_until_it_is_there() -> None:
    assert the_case(a_request(), an_offer()).awaited_revision is None
    assert the_case(a_request(), an_offer(), a_decision()).awaited_revision == 2
    assert the_case(a_request(), an_offer(), a_decision(), an_offer(revision=2)).awaited_revision is None
