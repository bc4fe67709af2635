"""Another revision of a quote, as the desk decided: other terms of the cover, corrected answers, or a premium by hand.

The revision before it is never changed. It says what the new one starts from, with every correction before, and its
edition prices the new one too: a tariff that came into force since then must not change the price.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pricing.engine.unfavourable import unfavourable
from services.rating.domain.decision import price_as_decided, read_decision
from services.rating.domain.edition import Pricing, form_in, tariff_in
from services.rating.domain.quote import FIRST_REVISION, Quote
from services.rating.domain.worksheet import PricedFor
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
        answers = decision.applied_to(answers_in(before.answers, self.opener, before.request_id))
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
            priced=PricedFor.unlike(await self._requested(before), answers, form_in(pricing.edition)),
        )
        await self.issue(quote_input, price_as_decided(answers, decision, pricing.tariff))

    async def _requested(self, before: Quote) -> Mapping[str, object]:
        first = (
            before
            if before.revision == FIRST_REVISION
            else await self.quotes.revision(before.request_id, FIRST_REVISION)
        )
        if first is None:
            raise Invalid("no-such-quote")
        return answers_in(first.answers, self.opener, first.request_id)

    async def _pricing(self, quote: Quote) -> Pricing:
        edition = await self.editions.get(quote.edition) if quote.edition else None
        if edition is None:
            raise Invalid("no-edition")
        return Pricing(edition, tariff_in(edition))
