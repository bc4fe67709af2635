"""What staff have done with a case beside its quotes and mails: who is responsible, whom they reached, what is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from services.dashboard.domain.facts import Fact, Work
from shared.events import (
    AddressCorrected,
    BrochurePosted,
    CaseAssigned,
    CaseClosed,
    CaseHeld,
    CaseHoldLifted,
    CaseReopened,
    CustomerContacted,
    DecisionWithdrawn,
)


@dataclass(frozen=True, slots=True)
class CaseWork:
    """Everything that staff did with a case, in order of time."""

    done: tuple[Work, ...] = ()

    @property
    def assignee(self) -> str | None:
        """The account that is responsible now."""
        last = next((one for one in reversed(self.done) if isinstance(one, CaseAssigned)), None)
        return last.assignee if last else None

    @property
    def contacts(self) -> tuple[CustomerContacted, ...]:
        """Every call or message to the customer, also those that reached nobody; the oldest first."""
        return tuple(one for one in self.done if isinstance(one, CustomerContacted))

    @property
    def first_contact_at(self) -> datetime | None:
        """When somebody first tried to reach the customer."""
        return self.contacts[0].decided_at if self.contacts else None

    @property
    def is_reached(self) -> bool:
        """Whether the customer was reached at least once. `call-again`, of former versions, does not say that not."""
        return any(contact.outcome != "no-answer" for contact in self.contacts)

    @property
    def tried_in_vain_at(self) -> datetime | None:
        """When the last contact reached nobody, and set no moment for the next one: somebody must try again."""
        last = self.contacts[-1] if self.contacts else None
        is_open = last is not None and last.outcome == "no-answer" and last.call_again_at is None
        return last.decided_at if last and is_open else None

    @property
    def call_again_at(self) -> datetime | None:
        """When somebody must call again: what the last contact says."""
        return self.contacts[-1].call_again_at if self.contacts else None

    @property
    def posted(self) -> BrochurePosted | None:
        """The brochures are on their way by post, for the first time."""
        return next((one for one in self.done if isinstance(one, BrochurePosted)), None)

    @property
    def corrections(self) -> tuple[AddressCorrected, ...]:
        """The mail addresses that took the place of the one in the request, the oldest first."""
        return tuple(one for one in self.done if isinstance(one, AddressCorrected))

    @property
    def withdrawals(self) -> int:
        """How many decisions were taken back."""
        return sum(isinstance(one, DecisionWithdrawn) for one in self.done)

    @property
    def hold(self) -> CaseHeld | None:
        """Why its quote must not be released; None when nothing is against it any more."""
        holds = [one for one in self.done if isinstance(one, CaseHeld | CaseHoldLifted)]
        return holds[-1] if holds and isinstance(holds[-1], CaseHeld) else None

    @property
    def closed(self) -> CaseClosed | None:
        """How the case ended; None while it is open, also when it was opened again."""
        ends = [one for one in self.done if isinstance(one, CaseClosed | CaseReopened)]
        return ends[-1] if ends and isinstance(ends[-1], CaseClosed) else None


def work_of(facts: Iterable[Fact]) -> CaseWork:
    """The work in *facts*, in any order. Of two things at the same moment the ids decide which came first."""
    work = [fact for fact in facts if isinstance(fact, get_args(Work))]
    return CaseWork(tuple(sorted(work, key=lambda one: (one.decided_at, one.decision_id))))
