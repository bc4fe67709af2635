"""Release what waits for staff, so that it is mailed to the customer.

A quote waits if its product has `release: desk`; all mails of a request wait if staff must check it first (`is_held`).
Who releases is recorded before the decision is stored, which is published a few seconds later unless it is taken back:
there must be none of which nobody knows who made it. An entry without its decision is a try that MongoDB cut short, or
that somebody else was faster with.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import structlog

from services.dashboard.domain.case import Case
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Added, Cases, Decisions
from services.dashboard.usecases.summarise import SummariseTogether
from shared.clock import JST, Clock
from shared.events import QuoteOffered, QuoteReleased, RequestReleased
from shared.products import Products

log = structlog.get_logger(__name__)


_LOOKS: Final = 5
"""How often to look again when somebody else has decided something in between."""


class Release(StrEnum):
    """What became of it."""

    DONE = "done"
    """It goes out, now or already."""
    NOT_WAITING = "not-waiting"
    """It is not, or no longer, something that staff may send."""
    ON_HOLD = "on-hold"
    """A colleague holds it: that must be lifted first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseQuote:
    """Decide that a quote is sent. Safe to repeat: only the first decision counts."""

    products: Products
    cases: Cases
    decisions: Decisions
    audit: Audit
    summarise: SummariseTogether
    now: Clock

    async def __call__(self, request_id: str, quote_id: str, account: str) -> Release:
        """Whether that quote goes out. Raises `Unavailable`."""
        for _ in range(_LOOKS):
            case = await self.cases.find(request_id)
            if not isinstance(case, Case):
                return Release.NOT_WAITING
            if any(release.quote_id == quote_id for release in case.releases):
                return Release.DONE
            quote = self.waiting(case)
            if quote is None or quote.quote_id != quote_id:
                return Release.NOT_WAITING
            if case.work.hold:
                return Release.ON_HOLD
            now = self.now()
            decision = QuoteReleased(request_id=request_id, quote_id=quote_id, released_at=now, released_by=account)
            await self.audit.record("released-quote", now, account, request_id)
            added = await self.decisions.add(decision, after=case.decisions)
            if added is Added.OVERTAKEN:
                continue  # Somebody may just have held it.
            if added is Added.KEPT:
                await self.summarise(request_id)
                log.info("quote released", request_id=request_id, quote_id=quote_id, account=account)
            return Release.DONE
        return Release.NOT_WAITING

    def awaits_release(self, case: Case) -> bool:
        """Whether something of *case* goes out only when staff release it, and has not."""
        return case.is_held or self.waiting(case) is not None

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
    now: Clock

    async def __call__(self, request_id: str, account: str) -> Release:
        """Whether they go out; `NOT_WAITING`: nothing was ever held. Raises `Unavailable`."""
        for _ in range(_LOOKS):
            case = await self.cases.find(request_id)
            if not isinstance(case, Case) or not case.request.is_held:
                return Release.NOT_WAITING
            if not case.is_held:
                return Release.DONE
            if case.work.hold:
                return Release.ON_HOLD
            now = self.now()
            decision = RequestReleased(request_id=request_id, released_at=now, released_by=account)
            await self.audit.record("released-mails", now, account, request_id)
            added = await self.decisions.add(decision, after=case.decisions)
            if added is Added.OVERTAKEN:
                continue  # Somebody may just have held it.
            if added is Added.KEPT:
                await self.summarise(request_id)
                log.info("request released", request_id=request_id, account=account)
            return Release.DONE
        return Release.NOT_WAITING
