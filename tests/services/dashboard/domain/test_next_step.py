"""What a case asks for next, in one sentence that staff can follow."""

from typing import Final

import pytest

from services.dashboard.domain.case import Case, case_of
from services.dashboard.domain.facts import Fact
from services.dashboard.domain.next_step import NextStep, next_step
from services.dashboard.entrypoints.web.work_wording import NEXT_STEPS
from tests.services.dashboard.builders import (
    a_closing,
    a_contact,
    a_posting,
    a_referral,
    a_request,
    an_approval_asked,
    an_offer,
)

DOCUMENTS: Final = a_request(quote=False)
BY_POST: Final = a_request(quote=False, brochure="post")


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        pytest.param([a_request(), a_referral(), an_approval_asked()], NextStep.APPROVE, id="somebody must approve"),
        pytest.param([a_request(), a_referral()], NextStep.ANSWER_REFERRAL, id="nothing to approve"),
        pytest.param([a_request(), an_offer()], NextStep.CALL, id="a quote is on its way"),
        pytest.param([a_request(), an_offer(), a_contact()], NextStep.FOLLOW_UP, id="after the call"),
        pytest.param([DOCUMENTS], NextStep.CLOSE, id="documents only"),
        pytest.param([BY_POST], NextStep.POST, id="documents by post"),
        pytest.param([BY_POST, a_posting()], NextStep.CLOSE, id="posted"),
        pytest.param([DOCUMENTS, a_closing()], NextStep.NOTHING, id="closed"),
    ],
)
def test_the_most_urgent_thing_comes_first(facts: list[Fact], step: NextStep) -> None:
    case = case_of(facts)
    assert isinstance(case, Case)

    assert next_step(case) is step


def test_every_step_is_said() -> None:
    assert NEXT_STEPS.keys() == set(NextStep)
