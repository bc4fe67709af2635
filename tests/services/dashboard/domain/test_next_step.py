"""What a case asks staff for: one order, and nothing that is not true yet."""

from datetime import datetime, timedelta

import pytest

from services.dashboard.domain.case import Case, case_of
from services.dashboard.domain.facts import Fact
from services.dashboard.domain.next_step import SENT_WITHIN, NextStep, next_steps
from tests.services.dashboard.builders import (
    NOON,
    a_closing,
    a_contact,
    a_decision,
    a_letter_failed,
    a_letter_sent,
    a_posting,
    a_referral,
    a_release,
    a_request,
    an_approval_asked,
    an_offer,
)

LATER = NOON + timedelta(hours=1)


def a_case(*facts: Fact) -> Case:
    case = case_of(facts)
    assert isinstance(case, Case)
    return case


@pytest.mark.parametrize(
    ("facts", "steps"),
    [
        pytest.param([a_request()], ["call", "wait-for-quote"], id="received"),
        pytest.param([a_request(), an_offer(), a_letter_sent()], ["call"], id="quoted"),
        pytest.param([a_request(), an_offer(), a_letter_sent(), a_contact()], ["follow-up"], id="reached"),
        pytest.param(
            [a_request(), an_offer(), a_letter_sent(), a_contact(outcome="no-answer")], ["call"], id="not reached"
        ),
        pytest.param(
            [a_request(), an_offer(), a_contact(outcome="no-answer", again_at=LATER)],
            ["call-again"],
            id="not reached, and a time was set",
        ),
        pytest.param(
            [a_request(quote=False), a_contact(outcome="no-answer")], ["call"], id="who was promised no call, but tried"
        ),
        pytest.param([a_request(), an_offer(), a_letter_failed()], ["replace-letter"], id="a mail that failed"),
        pytest.param(
            [a_request(), an_offer(), a_letter_failed(kind="desk")],
            ["replace-letter", "call"],
            id="the desk's own mail failed",
        ),
        pytest.param(
            [a_request(), an_offer(), a_letter_failed(), a_contact(outcome="no-answer")],
            ["replace-letter", "call"],
            id="a mail that failed, and nobody answers",
        ),
        pytest.param(
            [a_request(brochure="post"), a_referral()], ["answer-referral", "call", "post"], id="three things at once"
        ),
        pytest.param([a_request(quote=False, brochure="post"), a_posting()], ["close"], id="posted"),
        pytest.param([a_request(quote=False)], ["close"], id="documents only"),
        pytest.param([a_request(), a_referral(), an_approval_asked()], ["approve", "call"], id="a proposal"),
        pytest.param(
            [a_request(suspicions=("honeypot",)), an_offer()], ["check-held", "call"], id="held for suspicions"
        ),
        pytest.param([a_request(), an_offer(), a_closing()], ["nothing"], id="closed"),
    ],
)
def test_everything_that_is_to_be_done_stands_in_one_order(facts: list[Fact], steps: list[str]) -> None:
    assert [*next_steps(a_case(*facts), LATER)] == steps


def test_a_quote_that_waits_comes_before_the_call_about_it() -> None:
    case = a_case(a_request(), an_offer())

    assert next_steps(case, LATER, waits_for_release=True) == (NextStep.RELEASE, NextStep.CALL)


def test_nobody_is_called_about_a_quote_before_the_next_has_come() -> None:
    """「見積書は送られません」 stood above 「見積書をお送りしたら、…電話でお伝えしてください」."""
    expired = next_steps(a_case(a_request(), an_offer()), LATER, is_expired=True)
    awaited = next_steps(a_case(a_request(), an_offer(), a_decision()), LATER)

    assert expired == (NextStep.RENEW_QUOTE,)
    assert awaited == (NextStep.REPORT_REVISION,)


@pytest.mark.parametrize(
    ("facts", "decided_at"),
    [
        pytest.param([a_release()], a_release().released_at, id="a release"),
        pytest.param([a_decision()], a_decision().decided_at, id="another revision"),
        pytest.param(
            [a_decision(), a_letter_failed()], a_decision().decided_at, id="another revision, after a mail that failed"
        ),
    ],
)
def test_what_was_just_decided_is_waited_for_and_not_called_sent(facts: list[Fact], decided_at: datetime) -> None:
    case = a_case(a_request(), an_offer(), *facts)

    just_now = next_steps(case, decided_at + SENT_WITHIN - timedelta(seconds=1))
    too_long = next_steps(case, decided_at + SENT_WITHIN)

    assert NextStep.WAIT_FOR_SENDING in just_now
    assert NextStep.REPORT_REVISION not in just_now
    assert NextStep.WAIT_FOR_SENDING not in too_long
    assert (NextStep.REPORT_REVISION in too_long) is (case.awaited_revision is not None)


def test_nothing_is_waited_for_once_the_mail_has_gone_out() -> None:
    released = a_release().released_at
    case = a_case(a_request(), an_offer(), a_release(), a_letter_sent(after=released - NOON + timedelta(seconds=12)))

    assert next_steps(case, released + timedelta(seconds=20)) == (NextStep.CALL,)
