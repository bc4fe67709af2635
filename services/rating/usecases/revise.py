"""Another revision of a quote, as the desk decided: other terms of the cover, or a premium that staff set.

The revision before it is never changed, and its edition prices the new one too: a tariff that came into force since
then must not change the price.
"""

from dataclasses import dataclass

from pricing.engine.unfavourable import unfavourable
from services.rating.domain.decision import price_as_decided, read_decision
from services.rating.domain.edition import Pricing, tariff_in
from services.rating.domain.quote import Quote
from services.rating.ports import Editions, Quotes
from services.rating.usecases.issue import IssueQuote, QuoteInput
from services.rating.usecases.rate import answers_in
from shared.errors import Invalid
from shared.events import QuoteDecided
from shared.runtime.parcels import ParcelOpener, Sealer


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseQuote:
    """Make the revision that was decided on. Safe to repeat: a decision makes one quote."""

    opener: ParcelOpener
    sealer: Sealer
    quotes: Quotes
    editions: Editions
    issue: IssueQuote

    async def __call__(self, event: QuoteDecided) -> None:
        """Raises `Invalid`, whose word says what is wrong with the decision, or `Unavailable`."""
        before = await self.quotes.revision(event.request_id, event.revision - 1)
        if before is None:
            raise Invalid("no-such-quote")
        pricing = await self._pricing(before)
        parcel = event.parcels.get("rating")
        if parcel is None:
            raise Invalid("no-parcel")
        decision = read_decision(self.opener.open(parcel), pricing.tariff)
        answers = {**answers_in(before.answers, self.opener, before.request_id), **decision.terms}
        quote_input = QuoteInput(
            request_id=before.request_id,
            reception_no=before.reception_no,
            product=before.product,
            revision=event.revision,
            form_version=before.form_version,
            answers=self.sealer.seal("rating", {"answers": answers}),
            pricing=pricing,
            decision=event.decision_id,
            unfavourable=unfavourable(answers, pricing.tariff),
            note=decision.reason,
            is_manual=decision.premium_yen is not None,
        )
        await self.issue(quote_input, price_as_decided(answers, decision, pricing.tariff))

    async def _pricing(self, quote: Quote) -> Pricing:
        edition = await self.editions.get(quote.edition) if quote.edition else None
        if edition is None:
            raise Invalid("no-edition")
        return Pricing(edition, tariff_in(edition))
