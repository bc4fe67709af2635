"""Release what waits for staff, so that it is mailed to the customer.

A quote waits if its product has `release: desk`; all mails of a request wait if staff must check it first (`is_held`).
Who releases is recorded before the decision is stored, which is published a few seconds later unless it is taken back:
there must be none of which nobody knows who made it. An entry without its decision is a try that MongoDB cut short, or
that somebody else was faster with.
"""

from dataclasses import dataclass

import structlog

from services.dashboard.domain.case import Case
from services.dashboard.domain.new_release import ReleaseProblem, release_problem
from services.dashboard.ports.cases import Cases
from services.dashboard.usecases.keep_decision import Done, KeepDecision, Overtaken
from shared.clock import JST, Clock
from shared.events import QuoteOffered, QuoteReleased, RequestReleased
from shared.products import Products

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NotReleased:
    """Nothing was kept, and nothing is sent."""

    problem: ReleaseProblem


Outcome = Done | NotReleased | Overtaken | None
"""`Done` also where somebody has released it before. None: there is no such case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseQuote:
    """Decide that a quote is sent. Safe to repeat: only the first decision counts, unless it was taken back since."""

    products: Products
    cases: Cases
    keep: KeepDecision
    now: Clock

    async def __call__(self, request_id: str, quote_id: str, account: str, seen: int) -> Outcome:
        """*seen*: how many decisions the page showed. Raises `Unavailable`: whether it was kept is not known then."""
        case = await self.cases.find(request_id)
        if not isinstance(case, Case):
            return None
        if done := _released(case, quote_id):
            return done
        quote = self.waiting(case)
        is_waiting = quote is not None and quote.quote_id == quote_id
        if hindrance := _hindrance(case, seen, None if is_waiting else "not-waiting"):
            return hindrance
        decision = QuoteReleased(request_id=request_id, quote_id=quote_id, released_at=self.now(), released_by=account)
        kept = await self.keep(case, decision, "released-quote", after=seen)
        if isinstance(kept, Overtaken):
            return _released(kept.case, quote_id) or kept
        log.info("quote released", request_id=request_id, quote_id=quote_id, account=account)
        return kept

    def awaits_release(self, case: Case) -> bool:
        """Whether something of *case* goes out only when staff release it, and has not."""
        return case.is_held or self.waiting(case) is not None

    def is_kept_back(self, case: Case) -> bool:
        """Whether the customer lacks the latest quote, because it waits for staff or did so until it expired."""
        return self.awaits_release(case) or self.expired(case) is not None

    def waiting(self, case: Case) -> QuoteOffered | None:
        """The quote of *case* that waits for staff: the latest, if nobody has released it and it is still valid.

        None while the request itself is held: releasing that comes first, and is a decision of its own. Whether it may
        be sent now is another question (`release_problem`).
        """
        product = self.products.get(case.request.product)
        quote = case.unreleased
        if product is None or product.release == "auto" or quote is None or case.is_held:
            return None
        return None if self._has_expired(case) else quote

    def expired(self, case: Case) -> QuoteOffered | None:
        """The quote of *case* that waited for staff, or waits with its request, until it was not valid any more."""
        product, quote = self.products.get(case.request.product), case.unreleased
        if product is None or quote is None or case.awaited_revision:
            return None
        if not (case.is_held or product.release == "desk"):
            return None
        return quote if self._has_expired(case) else None

    def _has_expired(self, case: Case) -> bool:
        return case.has_expired(self.now().astimezone(JST).date())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRequest:
    """Let all mails of a held request go out to its contact. Safe to repeat, as `ReleaseQuote`."""

    cases: Cases
    keep: KeepDecision
    now: Clock

    async def __call__(self, request_id: str, account: str, seen: int) -> Outcome:
        """*seen*: how many decisions the page showed. Raises `Unavailable`: whether it was kept is not known then."""
        case = await self.cases.find(request_id)
        if not isinstance(case, Case):
            return None
        if done := _let_go(case):
            return done
        if hindrance := _hindrance(case, seen, None if case.request.is_held else "not-held"):
            return hindrance
        decision = RequestReleased(request_id=request_id, released_at=self.now(), released_by=account)
        kept = await self.keep(case, decision, "released-mails", after=seen)
        if isinstance(kept, Overtaken):
            return _let_go(kept.case) or kept
        log.info("request released", request_id=request_id, account=account)
        return kept


def _hindrance(case: Case, seen: int, otherwise: ReleaseProblem | None) -> Overtaken | NotReleased | None:
    if case.decisions != seen:
        return Overtaken(case)
    problem = release_problem(case) or otherwise
    return NotReleased(problem) if problem else None


def _released(case: Case, quote_id: str) -> Done | None:
    return next((Done(release) for release in case.releases if release.quote_id == quote_id), None)


def _let_go(case: Case) -> Done | None:
    if case.is_held or not case.request.is_held:
        return None
    return Done(case.mails_released or case.releases[-1])
