"""Release what waits for staff, so that it is mailed to the customer.

A quote waits if its product has `release: desk`; all mails of a request wait if staff must check it first (`is_held`).
Who releases is recorded before the decision is stored, which is published a few seconds later unless it is taken back:
there must be none of which nobody knows who made it. An entry without its decision is a try that MongoDB cut short, or
that somebody else was faster with.
"""

from dataclasses import dataclass

import structlog

from services.dashboard.domain.case import Case
from services.dashboard.domain.take_back import HeldFor
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Added, Cases, Decisions
from services.dashboard.usecases.summarise import SummariseTogether
from shared.clock import JST, Clock
from shared.events import QuoteOffered, QuoteReleased, RequestReleased
from shared.products import Products

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseQuote:
    """Decide that a quote is sent. Safe to repeat: only the first decision counts."""

    products: Products
    cases: Cases
    decisions: Decisions
    audit: Audit
    summarise: SummariseTogether
    held_for: HeldFor
    now: Clock

    async def __call__(self, request_id: str, quote_id: str, account: str) -> bool:
        """False: that quote is not (or no longer) one that staff may send, so nothing was decided."""
        case = await self.cases.find(request_id)
        if not isinstance(case, Case):
            return False
        if any(release.quote_id == quote_id for release in case.releases):
            return True
        quote = self.waiting(case)
        if quote is None or quote.quote_id != quote_id:
            return False
        now = self.now()
        decision = QuoteReleased(request_id=request_id, quote_id=quote_id, released_at=now, released_by=account)
        await self.audit.record("released-quote", now, account, request_id)
        if await self.decisions.add(decision, held_for=self.held_for(case)) is Added.KEPT:
            await self.summarise(request_id)
            log.info("quote released", request_id=request_id, quote_id=quote_id, account=account)
        return True

    def waiting(self, case: Case) -> QuoteOffered | None:
        """The quote of *case* that staff may send: the latest, if it waits for them and is still valid.

        None while the request itself is held: releasing that comes first, and is a decision of its own. None also while
        a revision that staff asked for is awaited: the customer must not get the terms that they have changed.
        """
        product = self.products.get(case.request.product)
        quote = case.unreleased
        if product is None or product.release == "auto" or quote is None or case.is_held or case.awaited_revision:
            return None
        return None if self._is_expired(quote) else quote

    def expired(self, case: Case) -> QuoteOffered | None:
        """The quote of *case* that waited for staff, or waits with its request, until it was not valid any more."""
        product, quote = self.products.get(case.request.product), case.unreleased
        if product is None or quote is None or case.awaited_revision:
            return None
        if not (case.is_held or product.release == "desk"):
            return None
        return quote if self._is_expired(quote) else None

    def _is_expired(self, quote: QuoteOffered) -> bool:
        return quote.expires_on < self.now().astimezone(JST).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRequest:
    """Let all mails of a held request go out to its contact. Safe to repeat: only the first decision counts."""

    cases: Cases
    decisions: Decisions
    audit: Audit
    summarise: SummariseTogether
    held_for: HeldFor
    now: Clock

    async def __call__(self, request_id: str, account: str) -> bool:
        """False: nothing was ever held, so nothing was decided."""
        case = await self.cases.find(request_id)
        if not isinstance(case, Case) or not case.request.is_held:
            return False
        if case.is_held:
            now = self.now()
            decision = RequestReleased(request_id=request_id, released_at=now, released_by=account)
            await self.audit.record("released-mails", now, account, request_id)
            if await self.decisions.add(decision, held_for=self.held_for(case)) is Added.KEPT:
                await self.summarise(request_id)
                log.info("request released", request_id=request_id, account=account)
        return True
