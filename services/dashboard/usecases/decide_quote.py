"""Staff decide on a quote: with other terms of the cover, or with a premium of their own. Rating makes the revision.

A premium beyond the authority of who sets it is a proposal: somebody else with the authority approves or refuses it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from services.dashboard.domain.approval import ApprovalProblem, approval_problems, open_approval
from services.dashboard.domain.authority import may_set, priced_referral, set_by_hand
from services.dashboard.domain.case import Case
from services.dashboard.domain.new_decision import (
    DecisionProblem,
    NewDecision,
    content_of,
    decision_problems,
    refusal_problems,
)
from services.dashboard.domain.parcels import CannotBeOpened
from services.dashboard.domain.roles import Staff
from services.dashboard.ports.cases import Cases
from services.dashboard.usecases.keep_decision import Done, KeepDecision, Overtaken
from services.dashboard.usecases.open_case import open_decisions, open_quote, quote_terms_in
from shared.answers.reading import Problem
from shared.clock import JST, Clock
from shared.events import ApprovalAsked, ApprovalRefused, QuoteDecided
from shared.events.parcels import DecisionForRating
from shared.products import Products
from shared.runtime.parcels import ParcelOpener, Sealer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NotDecided:
    """Nothing was kept, for these reasons."""

    problems: tuple[DecisionProblem | ApprovalProblem, ...]
    answers: tuple[Problem, ...] = ()
    """What is wrong with single answers, each with its question."""


Outcome = Done | NotDecided | Overtaken | None
"""None: there is no such case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideQuote:
    """Ask for the next revision of a quote. What contradicts something that they have not seen is not done."""

    products: Products
    cases: Cases
    keep: KeepDecision
    opener: ParcelOpener
    sealer: Sealer
    now: Clock
    new_id: Callable[[], str]

    async def __call__(self, request_id: str, decision: NewDecision, staff: Staff, seen: int) -> Outcome:
        """*seen*: how many decisions the page showed. Raises `Unavailable`: whether it was kept is not known then."""
        case = await self.cases.find(request_id)
        if not isinstance(case, Case):
            return None
        if case.decisions != seen:
            return Overtaken(case)
        terms = quote_terms_in(case, self.products, self.opener)
        problems = decision_problems(decision, case, terms, self.now().astimezone(JST).date())
        if problems or terms is None or case.quote is None:
            return NotDecided(tuple(problems))
        content = content_of(decision, terms)
        if self.has_authority(case, content, staff):
            return await self.ask_rating(case, content, staff)
        asked = ApprovalAsked(
            **self._head(case, staff), quote_id=case.quote.quote_id, parcels={"desk": self.sealer.seal("desk", content)}
        )
        return await self._keep(case, asked)

    async def ask_rating(self, case: Case, content: DecisionForRating, staff: Staff) -> Done | Overtaken:
        """Rating makes the next revision, as *content* says. Whoever calls has checked it."""
        return await self._keep(case, self._decided(case, staff, content))

    async def approve(self, request_id: str, asked_id: str, staff: Staff, seen: int) -> Outcome:
        """What somebody else wanted is decided, as they wrote it."""
        case = await self.cases.find(request_id)
        if not isinstance(case, Case):
            return None
        if case.decisions != seen:
            return Overtaken(case)
        content = self._wanted(case)
        if problems := self._hindrances(case, asked_id, staff, content):
            return NotDecided(problems)
        return await self._keep(case, self._decided(case, staff, content, approves=asked_id))

    async def refuse(self, request_id: str, asked_id: str, reason: str, staff: Staff, seen: int) -> Outcome:
        """What somebody else wanted is not decided."""
        case = await self.cases.find(request_id)
        if not isinstance(case, Case):
            return None
        if case.decisions != seen:
            return Overtaken(case)
        if problems := self._hindrances(case, asked_id, staff, self._wanted(case)):
            return NotDecided(problems)
        if wrong := refusal_problems(reason):
            return NotDecided(tuple(wrong))
        parcels = {"desk": self.sealer.seal("desk", {"text": reason})}
        return await self._keep(case, ApprovalRefused(**self._head(case, staff), asked_id=asked_id, parcels=parcels))

    def has_authority(self, case: Case, content: DecisionForRating, staff: Staff) -> bool:
        """Whether *staff* may decide it alone. Other terms are priced by the tariff: everybody may ask for them."""
        if content.premium is None:
            return True
        referral = priced_referral(case.quotes)
        why = open_quote(self.opener, referral) if referral else None
        codes = None if isinstance(why, CannotBeOpened) else [reason.code for reason in why.reasons] if why else []
        product = self.products.get(case.request.product)
        return may_set(staff, set_by_hand(content.premium, case.quotes, codes), product.authority if product else ())

    def _wanted(self, case: Case) -> DecisionForRating | None:
        asked = open_approval(case)
        content = open_decisions(self.opener, case).get(asked.decision_id) if asked else None
        return None if isinstance(content, CannotBeOpened) else content

    def _hindrances(
        self, case: Case, asked_id: str, staff: Staff, content: DecisionForRating | None
    ) -> tuple[ApprovalProblem, ...]:
        has_authority = content is not None and self.has_authority(case, content, staff)
        return tuple(approval_problems(open_approval(case), asked_id, staff, has_authority=has_authority))

    def _head(self, case: Case, staff: Staff) -> dict[str, Any]:
        return {
            "request_id": case.request.request_id,
            "decision_id": self.new_id(),
            "decided_at": self.now(),
            "decided_by": staff.name,
        }

    def _decided(
        self, case: Case, staff: Staff, content: DecisionForRating | None, approves: str | None = None
    ) -> QuoteDecided:
        return QuoteDecided(
            **self._head(case, staff),
            revision=(case.quote.revision if case.quote else 0) + 1,
            parcels={reader: self.sealer.seal(reader, content) for reader in ("rating", "desk") if content},
            approves=approves,
        )

    async def _keep(self, case: Case, fact: QuoteDecided | ApprovalAsked | ApprovalRefused) -> Done | Overtaken:
        kept = await self.keep(case, fact, "decided-on-quote", after=case.decisions)
        if isinstance(kept, Done):
            log.info("decided on quote", request_id=fact.request_id, type=fact.type, account=fact.decided_by)
        return kept
