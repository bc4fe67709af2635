"""What a case asks staff for next: one thing, the most urgent first."""

from enum import StrEnum

from services.dashboard.domain.case import Case, State


class NextStep(StrEnum):
    """One thing to do, or to wait for."""

    CHECK_HELD = "check-held"
    REPLACE_LETTER = "replace-letter"
    CALL_AGAIN = "call-again"
    LIFT_HOLD = "lift-hold"
    ANSWER_REFERRAL = "answer-referral"
    CALL = "call"
    POST = "post"
    WAIT_FOR_QUOTE = "wait-for-quote"
    FOLLOW_UP = "follow-up"
    NOTHING = "nothing"


def next_step(case: Case) -> NextStep:
    """What to do now. A case that is closed asks for nothing."""
    work = case.work
    steps = {
        NextStep.NOTHING: work.closed is not None,
        NextStep.CHECK_HELD: case.is_held,
        NextStep.REPLACE_LETTER: bool(case.failed_letters) and not work.contacts,
        NextStep.CALL_AGAIN: work.call_again_at is not None,
        NextStep.LIFT_HOLD: work.hold is not None,
        NextStep.ANSWER_REFERRAL: case.state is State.REFERRED,
        NextStep.CALL: case.request.wishes.quote and not work.contacts,
        NextStep.POST: case.request.wishes.brochure == "post" and work.posted is None,
        NextStep.WAIT_FOR_QUOTE: case.state is State.RECEIVED,
    }
    return next((step for step, is_due in steps.items() if is_due), NextStep.FOLLOW_UP)
