"""Staff decide on a quote: with other terms of the cover, or with a premium of their own. Rating makes the revision."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from services.dashboard.domain.case import Case
from services.dashboard.domain.new_decision import DecisionProblem, NewDecision, content_of, decision_problems
from services.dashboard.domain.quote_terms import QuoteTerms
from services.dashboard.ports import Added, Audit, Cases, Decisions
from services.dashboard.usecases.open_case import quote_terms_in
from services.dashboard.usecases.summarise import SummariseTogether
from services.dashboard.usecases.work_on_case import Done, Overtaken
from shared.clock import Clock
from shared.events import QuoteDecided
from shared.products import Products
from shared.runtime.parcels import ParcelOpener, Sealer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NotDecided:
    """Nothing was kept, for these reasons."""

    problems: tuple[DecisionProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideQuote:
    """Ask for the next revision of a quote. What contradicts something that they have not seen is not done."""

    products: Products
    cases: Cases
    decisions: Decisions
    opener: ParcelOpener
    sealer: Sealer
    audit: Audit
    summarise: SummariseTogether
    now: Clock
    new_id: Callable[[], str]

    async def __call__(
        self, request_id: str, decision: NewDecision, account: str, seen: int
    ) -> Done | NotDecided | Overtaken | None:
        """None: no such case. *seen*: how many decisions the page showed. Raises `Unavailable`."""
        case = await self.cases.find(request_id)
        if not isinstance(case, Case):
            return None
        if case.decisions != seen:
            return Overtaken(case)
        terms = quote_terms_in(case, self.products, self.opener)
        problems = decision_problems(decision, case, terms)
        if problems or terms is None or case.quote is None:
            return NotDecided(tuple(problems))
        return await self._decide(case, decision, terms, case.quote.revision + 1, account)

    async def _decide(
        self, case: Case, decision: NewDecision, terms: QuoteTerms, revision: int, account: str
    ) -> Done | Overtaken:
        now, content = self.now(), content_of(decision, terms)
        fact = QuoteDecided(
            request_id=case.request.request_id,
            decision_id=self.new_id(),
            decided_at=now,
            decided_by=account,
            revision=revision,
            parcels={reader: self.sealer.seal(reader, content) for reader in ("rating", "desk")},
        )
        await self.audit.record("decided-on-quote", now, account, fact.request_id)
        if await self.decisions.add(fact, after=case.decisions) is Added.OVERTAKEN:
            now_there = await self.cases.find(fact.request_id)
            return Overtaken(now_there if isinstance(now_there, Case) else case)
        await self.summarise(fact.request_id)
        log.info("decided on quote", request_id=fact.request_id, revision=revision, account=account)
        return Done(fact)
