"""Whether staff may let something go out to the customer now: a quote, or all mails of a held request."""

from typing import Literal

from services.dashboard.domain.approval import open_approval
from services.dashboard.domain.case import Case

ReleaseProblem = Literal["closed", "on-hold", "awaited", "proposed", "not-waiting", "not-held"]
"""Why nothing is sent, in a word for machines."""


def release_problem(case: Case) -> ReleaseProblem | None:
    """What speaks against sending anything of *case* to the customer.

    While a revision is awaited, or a premium waits for approval, the customer must not get the price that somebody is
    about to change. Who answers the proposal, or decides something else about the quote, ends the wait.
    """
    if case.work.closed is not None:
        return "closed"
    if case.work.hold is not None:
        return "on-hold"
    if case.awaited_revision is not None:
        return "awaited"
    return "proposed" if open_approval(case) else None
