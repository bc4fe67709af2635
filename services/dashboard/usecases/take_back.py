"""Staff take back a decision in the few seconds in which nobody else has heard of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import structlog

from services.dashboard.domain.case import Case
from services.dashboard.domain.facts import fact_id
from services.dashboard.domain.parcels import CannotBeOpened
from services.dashboard.domain.roles import Staff
from services.dashboard.domain.take_back import MARGIN, Held, HeldFor, can_be_taken_back_until, held_decision
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Cases, Decisions, Withdrawn
from services.dashboard.usecases.decide_quote import DecideQuote
from services.dashboard.usecases.open_case import open_decisions
from services.dashboard.usecases.summarise import SummariseTogether
from shared.clock import Clock
from shared.events import DecisionWithdrawn, QuoteDecided, event_id

log = structlog.get_logger(__name__)

Outcome = DecisionWithdrawn | Literal["too-late", "no-authority"]
"""That it was taken back, or why not. Too late is also what was never decided."""
_TRIES: Final = 3
"""Taking back contradicts nothing that others decide meanwhile, so it is tried again after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """Take a decision back: it was never published, and that it was taken back is a fact."""

    cases: Cases
    decisions: Decisions
    audit: Audit
    summarise: SummariseTogether
    held_for: HeldFor
    decide: DecideQuote
    now: Clock
    new_id: Callable[[], str]

    async def __call__(self, request_id: str, decision_id: str, staff: Staff) -> Outcome:
        """Raises `Unavailable`: what became of it is not known."""
        for _ in range(_TRIES):
            case = await self.cases.find(request_id)
            decision = held_decision(case, decision_id) if isinstance(case, Case) else None
            now = self.now()
            if not isinstance(case, Case) or decision is None:
                return "too-late"
            if now >= can_be_taken_back_until(decision, self.held_for(case)):
                return "too-late"
            if not self._may(case, decision, staff):
                return "no-authority"
            withdrawal = DecisionWithdrawn(
                request_id=request_id,
                decision_id=self.new_id(),
                decided_at=now,
                decided_by=staff.name,
                withdrawn_type=decision.type,
                withdrawn_id=event_id(fact_id(decision), decision.type),
                approves=decision.approves if isinstance(decision, QuoteDecided) else None,
            )
            await self.audit.record("took-back", now, staff.name, request_id)
            match await self.decisions.withdraw(decision_id, withdrawal, after=case.decisions, before=now + MARGIN):
                case Withdrawn.DONE:
                    await self.summarise(request_id)
                    log.info("decision taken back", request_id=request_id, type=decision.type, account=staff.name)
                    return withdrawal
                case Withdrawn.TOO_LATE:
                    return "too-late"
                case Withdrawn.OVERTAKEN:
                    continue
        return "too-late"

    def _may(self, case: Case, decision: Held, staff: Staff) -> bool:
        """Who decided it, and who has the authority to decide it: nobody else undoes a premium that others approved."""
        if not isinstance(decision, QuoteDecided) or decision.decided_by == staff.name:
            return True
        content = open_decisions(self.decide.opener, case).get(decision.decision_id)
        if content is None or isinstance(content, CannotBeOpened):
            return False
        return self.decide.has_authority(case, content, staff)
