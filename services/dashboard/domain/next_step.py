"""What a case asks staff for: everything that is to be done or waited for, the most urgent first."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from services.dashboard.domain.approval import open_approval
from services.dashboard.domain.case import ANSWERED_BY, Case, State
from services.dashboard.domain.facts import moment_of
from services.dashboard.domain.take_back import held_decisions

SENT_WITHIN: Final = timedelta(minutes=1)
"""So long nobody must worry about what was decided and has not gone out: it was held, rated, printed and mailed."""


class NextStep(StrEnum):
    """One thing to do, or to wait for."""

    CHECK_HELD = "check-held"
    APPROVE = "approve"
    REPLACE_LETTER = "replace-letter"
    REPORT_REVISION = "report-revision"
    """The revision that staff asked for should have come long ago."""
    WAIT_FOR_SENDING = "wait-for-sending"
    RENEW_QUOTE = "renew-quote"
    """It ended before anybody released it."""
    RELEASE = "release"
    CALL_AGAIN = "call-again"
    LIFT_HOLD = "lift-hold"
    ANSWER_REFERRAL = "answer-referral"
    CALL = "call"
    POST = "post"
    WAIT_FOR_QUOTE = "wait-for-quote"
    FOLLOW_UP = "follow-up"
    CLOSE = "close"
    NOTHING = "nothing"


def next_steps(
    case: Case, now: datetime, *, waits_for_release: bool = False, is_expired: bool = False
) -> tuple[NextStep, ...]:
    """What to do now, in this order; at least one. A case that is closed asks for nothing.

    *waits_for_release*, *is_expired*: what `ReleaseQuote` says of its quote. While another quote must come first, no
    customer is to be called about this one.
    """
    work, wishes = case.work, case.request.wishes
    if work.closed is not None:
        return (NextStep.NOTHING,)
    is_on_its_way = not waits_for_release and is_being_sent(case, now)
    is_proposed = open_approval(case) is not None
    steps = {
        NextStep.CHECK_HELD: case.is_held,
        NextStep.APPROVE: is_proposed,
        NextStep.REPLACE_LETTER: bool(case.failed_letters) and not work.is_reached,
        NextStep.REPORT_REVISION: case.awaited_revision is not None and not is_on_its_way,
        NextStep.WAIT_FOR_SENDING: is_on_its_way,
        NextStep.RENEW_QUOTE: is_expired,
        NextStep.RELEASE: waits_for_release,
        NextStep.CALL_AGAIN: work.call_again_at is not None,
        NextStep.LIFT_HOLD: work.hold is not None,
        NextStep.ANSWER_REFERRAL: case.state is State.REFERRED and case.awaited_revision is None and not is_proposed,
        NextStep.CALL: _must_call(case) and not is_expired and case.awaited_revision is None,
        NextStep.POST: wishes.brochure == "post" and work.posted is None,
        NextStep.WAIT_FOR_QUOTE: case.state is State.RECEIVED,
    }
    at_last = NextStep.CLOSE if case.state is State.DOCUMENTS_ONLY else NextStep.FOLLOW_UP
    return tuple(step for step, is_due in steps.items() if is_due) or (at_last,)


def _must_call(case: Case) -> bool:
    """Whether somebody must tell the customer what they get. Where its mail failed, replacing it says so."""
    has_failed = any(letter.kind == ANSWERED_BY.get(case.state) for letter in case.failed_letters)
    is_first = case.request.wishes.quote and not case.work.contacts and not has_failed
    return is_first or case.work.tried_in_vain_at is not None


def is_being_sent(case: Case, now: datetime) -> bool:
    """Whether what was quoted or decided in the last minute has not come or gone out yet."""
    if case.awaited_revision is not None:
        return now - max(decision.decided_at for decision in case.asked_for) < SENT_WITHIN
    if case.quote is None or case.is_held or case.failed_letters:
        return False
    newest = max([case.quote.issued_at, *map(moment_of, held_decisions(case))])
    answers = (one for one in case.letters if one.kind == ANSWERED_BY[case.state] and one.state == "sent" and one.at)
    return now - newest < SENT_WITHIN and not any(one.at and one.at >= newest for one in answers)
