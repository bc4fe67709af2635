"""Keep what a member of staff decided or did: noted who does it first, and never unseen over another decision."""

from dataclasses import dataclass

from services.dashboard.domain.case import Case
from services.dashboard.domain.facts import Decided, decided_by, moment_of
from services.dashboard.domain.take_back import HeldFor
from services.dashboard.ports.audit import Act, Audit
from services.dashboard.ports.cases import Added, Cases, Decisions
from services.dashboard.usecases.summarise import SummariseTogether


@dataclass(frozen=True, slots=True)
class Done:
    """It is kept for good."""

    fact: Decided


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody else decided something since the page was shown, so nothing was kept. `case`: as it is now."""

    case: Case


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepDecision:
    """The last step of everything that staff do with a case."""

    cases: Cases
    decisions: Decisions
    audit: Audit
    summarise: SummariseTogether
    held_for: HeldFor

    async def __call__(self, case: Case, fact: Decided, act: Act, *, after: int | None) -> Done | Overtaken:
        """*after*: see `Decisions`. Raises `Unavailable`: whether it was kept is not known then."""
        await self.audit.record(act, moment_of(fact), decided_by(fact), fact.request_id, about=fact.type)
        if await self.decisions.add(fact, after=after, held_for=self.held_for(case)) is Added.OVERTAKEN:
            now_there = await self.cases.find(fact.request_id)
            return Overtaken(now_there if isinstance(now_there, Case) else case)
        await self.summarise(fact.request_id)
        return Done(fact)
