"""What the list knows of a case."""

from datetime import UTC, datetime, timedelta

import pytest

from services.dashboard.domain.case import BrokenCase, Case, State, case_of
from services.dashboard.domain.facts import BrokenFact, Fact
from services.dashboard.domain.summary import CaseSummary, summary_of, summary_of_unreadable
from tests.services.dashboard.builders import (
    NOON,
    REQUEST,
    a_closing,
    a_contact,
    a_hold,
    a_letter_failed,
    a_lifting,
    a_manual_offer,
    a_posting,
    a_referral,
    a_refusal,
    a_release_of_mails,
    a_reopening,
    a_request,
    a_whole_story,
    an_approval_asked,
    an_offer,
)


def summary(*facts: Fact) -> CaseSummary:
    case = case_of(facts)
    assert isinstance(case, Case)
    return summary_of(case, None, None)


def test_it_says_in_one_record_what_the_case_says() -> None:
    found = summary(*a_whole_story())

    assert (found.request_id, found.reception_no, found.accepted_at) == (REQUEST, "K7M2P4XR", NOON)
    assert (found.state, found.premium_yen, found.industry, found.turnover_band) == (
        State.QUOTED,
        67_000,
        "retail",
        "1-5oku",
    )
    assert (found.assignee, found.is_open, found.is_contacted) == ("hanako", True, True)
    assert (found.facts, found.changed_at) == (len(a_whole_story()), NOON + timedelta(minutes=13))


def test_it_holds_nothing_that_a_parcel_keeps() -> None:
    assert "カナリア" not in repr(summary(*a_whole_story()))


@pytest.mark.parametrize(
    ("facts", "waits"),
    [
        pytest.param([a_request()], True, id="nobody has called"),
        pytest.param([a_request(), a_contact(outcome="no-answer")], True, id="somebody has tried in vain"),
        pytest.param([a_request(), a_contact()], False, id="reached"),
        pytest.param([a_request(), a_closing()], False, id="closed"),
        pytest.param([a_request(), a_closing(), a_reopening()], True, id="opened again"),
        pytest.param([a_request(quote=False)], False, id="documents only"),
    ],
)
def test_a_wish_for_a_quote_waits_for_a_first_contact(facts: list[Fact], waits: bool) -> None:  # noqa: FBT001  # a row of the table
    assert summary(*facts).must_answer is waits


@pytest.mark.parametrize(
    ("facts", "waits"),
    [
        pytest.param([a_request(), an_offer()], False, id="quoted"),
        pytest.param([a_request(), a_referral()], True, id="referred"),
        pytest.param([a_request(suspicions=("honeypot",))], True, id="held"),
        pytest.param([a_request(suspicions=("honeypot",)), a_release_of_mails()], False, id="checked"),
        pytest.param([a_request(suspicions=("too-fast",))], True, id="odd, but not held"),
        pytest.param([a_request(), an_offer(), a_letter_failed()], True, id="a mail did not arrive"),
        pytest.param([a_request(), a_referral(), a_closing()], False, id="closed"),
    ],
)
def test_somebody_must_check_what_no_customer_gets_by_itself(facts: list[Fact], waits: bool) -> None:  # noqa: FBT001  # a row of the table
    assert summary(*facts).must_check is waits


@pytest.mark.parametrize(
    ("facts", "waits"),
    [
        pytest.param([a_request(brochure="post")], True, id="wished"),
        pytest.param([a_request(brochure="email")], False, id="by mail"),
        pytest.param([a_request(brochure="post"), a_posting()], False, id="posted"),
        pytest.param([a_request(brochure="post"), a_closing()], False, id="closed"),
    ],
)
def test_brochures_wait_until_they_are_posted(facts: list[Fact], waits: bool) -> None:  # noqa: FBT001  # a row of the table
    assert summary(*facts).must_post is waits


def test_a_request_that_cannot_be_read_has_its_place_and_must_be_checked() -> None:
    broken = BrokenFact(id=REQUEST, request_id=REQUEST, type="", at=NOON)
    case = case_of([an_offer()], [broken])
    assert isinstance(case, BrokenCase)

    found = summary_of_unreadable(case)

    assert (found.request_id, found.accepted_at, found.is_broken, found.must_check) == (REQUEST, NOON, True, True)


def test_without_a_moment_it_comes_last() -> None:
    case = BrokenCase(request_id=REQUEST, broken=(BrokenFact(id=REQUEST, request_id=REQUEST, type=""),), timeline=())

    assert summary_of_unreadable(case).accepted_at == datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("facts", "waits"),
    [
        pytest.param([an_approval_asked()], True, id="asked"),
        pytest.param([an_approval_asked(), a_refusal()], False, id="refused"),
        pytest.param([an_approval_asked(), a_closing()], False, id="closed"),
    ],
)
def test_it_knows_whether_an_approval_waits(facts: list[Fact], waits: bool) -> None:  # noqa: FBT001  # a row of the table
    assert summary(a_request(), a_referral(), *facts).awaits_approval is waits


@pytest.mark.parametrize(
    ("facts", "is_on_hold"),
    [
        pytest.param([a_hold()], True, id="held"),
        pytest.param([a_hold(), a_lifting()], False, id="lifted"),
        pytest.param([a_hold(), a_closing()], False, id="closed"),
        pytest.param([a_hold(), a_closing(), a_reopening()], True, id="opened again"),
    ],
)
def test_it_knows_whether_its_quote_is_on_hold(facts: list[Fact], is_on_hold: bool) -> None:  # noqa: FBT001  # a row of the table
    assert summary(a_request(), an_offer(), *facts).is_on_hold is is_on_hold


def test_the_time_to_a_quote_is_that_of_the_tariff_alone() -> None:
    """What licensed staff set after days would be counted as if the system had taken days."""
    by_hand = a_manual_offer()

    assert summary(a_request(), an_offer(), by_hand).quoted_after_ms == summary(a_request(), an_offer()).quoted_after_ms
    assert summary(a_request(), a_referral(), by_hand).quoted_after_ms is None
