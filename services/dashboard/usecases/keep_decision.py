"""Keep what a member of staff decided or did: noted who does it first, and never unseen over another decision."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from services.dashboard.domain.case import Case
from services.dashboard.domain.facts import Decided, decided_by, later_than, moment_of
from services.dashboard.domain.take_back import HeldFor
from services.dashboard.ports.audit import Act, Audit
from services.dashboard.ports.cases import Added, Cases, Decisions
from services.dashboard.usecases.summarise import SummariseTogether

_CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""By no more than that. What is further ahead is an error, after which no decision shall be dated."""


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
        """*after*: see `Decisions`. Raises `Unavailable`: whether it was kept is not known then.

        Nothing is kept about a case that is erased: what staff write may name people.
        """
        if case.erased_at is not None:
            return Overtaken(case)
        fact = fact if after is None else _in_order(case, fact)
        await self.audit.record(act, moment_of(fact), decided_by(fact), fact.request_id, about=fact.type)
        if await self.decisions.add(fact, after=after, held_for=self.held_for(case)) is Added.OVERTAKEN:
            now_there = await self.cases.find(fact.request_id)
            return Overtaken(now_there if isinstance(now_there, Case) else case)
        await self.summarise(fact.request_id)
        return Done(fact)


def _in_order(case: Case, fact: Decided) -> Decided:
    """Dated after all that was decided before it: a case is what its latest decisions say.

    The clock of the process that kept one of them may be ahead of ours: a hold would be lifted by what it follows.
    """
    last, now = case.last_decided_at, moment_of(fact)
    return later_than(fact, last) if last and now <= last < now + _CLOCKS_DIFFER else fact
