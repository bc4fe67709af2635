"""Four eyes: what somebody wanted to decide beyond their authority, and whether somebody else may still approve it."""

from typing import Literal

from services.dashboard.domain.case import Case
from services.dashboard.domain.roles import Staff
from shared.events import ApprovalAsked, ApprovalRefused

ApprovalProblem = Literal["lapsed", "own", "no-authority"]
"""Why it is neither approved nor refused, in a word for machines."""


def open_approval(case: Case) -> ApprovalAsked | None:
    """The latest that waits for an answer.

    It has lapsed when the quote is another one since, or another revision was asked for: what was proposed was about
    what there was.
    """
    asked = [one for one in case.work.done if isinstance(one, ApprovalAsked)]
    refused = {one.asked_id for one in case.work.done if isinstance(one, ApprovalRefused)}
    latest = asked[-1] if asked else None
    if latest is None or latest.decision_id in refused or case.quote is None or case.work.closed is not None:
        return None
    is_current = latest.quote_id == case.quote.quote_id and case.awaited_revision is None
    return latest if is_current else None


def approval_problems(
    asked: ApprovalAsked | None, asked_id: str, staff: Staff, *, has_authority: bool
) -> list[ApprovalProblem]:
    """What speaks against an answer of *staff* to the one called *asked_id*; *asked* is the one that is open."""
    if asked is None or asked.decision_id != asked_id:
        return ["lapsed"]
    if asked.decided_by == staff.name:
        return ["own"]
    return [] if has_authority else ["no-authority"]
