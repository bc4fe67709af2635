"""Four eyes: until when somebody else may approve what was proposed, and who."""

import pytest

from services.dashboard.domain.approval import approval_problems, open_approval
from services.dashboard.domain.case import Case, case_of
from services.dashboard.domain.facts import Fact
from services.dashboard.domain.roles import Role, Staff
from tests.services.dashboard.builders import (
    a_closing,
    a_decision,
    a_manual_offer,
    a_note,
    a_referral,
    a_refusal,
    a_reopening,
    a_request,
    an_approval_asked,
    an_assignment,
    an_offer,
)

ASKED = an_approval_asked()
TARO = Staff("taro", Role.manager)


def a_case(*facts: Fact) -> Case:
    case = case_of([a_request(), *facts])
    assert isinstance(case, Case)
    return case


@pytest.mark.parametrize(
    ("facts", "is_open"),
    [
        pytest.param([an_offer(), ASKED], True, id="just asked"),
        pytest.param([an_offer(), ASKED, a_note(), an_assignment(minutes=50)], True, id="other work goes on"),
        pytest.param([an_offer()], False, id="nothing was asked"),
        pytest.param([an_offer(), ASKED, a_refusal()], False, id="refused"),
        pytest.param([an_offer(), ASKED, a_decision()], False, id="another revision is awaited"),
        pytest.param([an_offer(), ASKED, a_decision(), a_manual_offer()], False, id="another revision has come"),
        pytest.param([an_offer(), ASKED, a_referral(revision=2)], False, id="what was priced is referred now"),
        pytest.param([an_offer(), ASKED, a_closing(minutes=50)], False, id="the case is closed"),
        pytest.param([an_offer(), ASKED, a_closing(minutes=50), a_reopening(minutes=51)], True, id="and opened again"),
        pytest.param([an_offer(), ASKED, a_refusal(), an_approval_asked(minutes=60)], True, id="asked once more"),
    ],
)
def test_a_proposal_lapses_when_what_it_is_about_changes(facts: list[Fact], *, is_open: bool) -> None:
    assert (open_approval(a_case(*facts)) is not None) is is_open


def test_the_latest_proposal_counts() -> None:
    later = an_approval_asked(minutes=45)

    assert open_approval(a_case(an_offer(), later, ASKED)) == later
    assert approval_problems(later, ASKED.decision_id, TARO, has_authority=True) == ["lapsed"]


@pytest.mark.parametrize(
    ("staff", "has_authority", "problems"),
    [
        pytest.param(TARO, True, [], id="somebody else with the authority"),
        pytest.param(TARO, False, ["no-authority"], id="somebody else without it"),
        pytest.param(Staff("desk", Role.admin), True, ["own"], id="nobody approves their own"),
    ],
)
def test_somebody_else_with_the_authority_answers(staff: Staff, problems: list[str], *, has_authority: bool) -> None:
    assert approval_problems(ASKED, ASKED.decision_id, staff, has_authority=has_authority) == problems


def test_what_has_lapsed_is_answered_by_nobody() -> None:
    assert approval_problems(None, ASKED.decision_id, TARO, has_authority=True) == ["lapsed"]
