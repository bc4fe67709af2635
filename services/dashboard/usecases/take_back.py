"""Staff take back a decision in the few seconds in which nobody else has heard of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from services.dashboard.domain.case import Case
from services.dashboard.domain.facts import fact_id
from services.dashboard.domain.take_back import MARGIN, HeldFor, can_be_taken_back_until, held_decision
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Cases, Decisions, Withdrawn
from services.dashboard.usecases.summarise import SummariseTogether
from shared.clock import Clock
from shared.events import DecisionWithdrawn, QuoteDecided, event_id

log = structlog.get_logger(__name__)

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
    now: Clock
    new_id: Callable[[], str]

    async def __call__(self, request_id: str, decision_id: str, account: str) -> DecisionWithdrawn | None:
        """None: it is too late, or there is no such decision. Raises `Unavailable`: what became of it is not known."""
        for _ in range(_TRIES):
            case = await self.cases.find(request_id)
            decision = held_decision(case, decision_id) if isinstance(case, Case) else None
            now = self.now()
            if not isinstance(case, Case) or decision is None:
                return None
            if now >= can_be_taken_back_until(decision, self.held_for(case)):
                return None
            withdrawal = DecisionWithdrawn(
                request_id=request_id,
                decision_id=self.new_id(),
                decided_at=now,
                decided_by=account,
                withdrawn_type=decision.type,
                withdrawn_id=event_id(fact_id(decision), decision.type),
                approves=decision.approves if isinstance(decision, QuoteDecided) else None,
            )
            await self.audit.record("took-back", now, account, request_id)
            match await self.decisions.withdraw(decision_id, withdrawal, after=case.decisions, before=now + MARGIN):
                case Withdrawn.DONE:
                    await self.summarise(request_id)
                    log.info("decision taken back", request_id=request_id, type=decision.type, account=account)
                    return withdrawal
                case Withdrawn.TOO_LATE:
                    return None
                case Withdrawn.OVERTAKEN:
                    continue
        return None
