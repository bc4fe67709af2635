"""The deed that rating exists for: each request that wishes a quote is answered once, with a price or a referral."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from pricing.engine.in_force import NO_TARIFF, in_force
from pricing.engine.price import price
from pricing.engine.quote import FIRST
from pricing.tariff import PricedProducts
from services.rating.ports import Editions, Quote, Quotes
from services.rating.usecases.draft import DraftQuote, Subject, priced_by
from shared.clock import JST
from shared.errors import Invalid
from shared.events import Parcel, QuoteOffered, RequestReceived
from shared.runtime.parcels import ParcelOpener

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RateRequest:
    """Answer one request. Safe to repeat: a redelivered request keeps its first price."""

    products: PricedProducts
    opener: ParcelOpener
    draft: DraftQuote
    quotes: Quotes
    editions: Editions

    async def __call__(self, request: RequestReceived) -> None:
        """Raises `Invalid` (unknown-product, no-parcel, unknown-key, broken-parcel) or `Unavailable`."""
        if not request.wishes.quote:
            return
        product = self.products.get(request.product)
        if product is None:
            raise Invalid("unknown-product")
        sealed = request.parcels.get("rating")
        if sealed is None:
            raise Invalid("no-parcel")
        answers = answers_in(sealed, self.opener)
        tariff = in_force(product.tariffs, request.accepted_at.astimezone(JST).date())
        result = price(answers, tariff) if tariff else NO_TARIFF
        priced = priced_by(product, tariff) if tariff else None
        subject = Subject(
            request_id=request.request_id,
            reception_no=request.reception_no,
            product=request.product,
            revision=FIRST,
            form_version=request.form_version,
            answers=sealed,
        )
        if priced is not None:
            # First, so that no quote ever names an edition that is not there.
            await self.editions.keep(priced.edition)
        quote = self.draft(subject, result, priced)
        tell(quote, is_new=await self.quotes.keep(quote), reasons=len(getattr(result, "reasons", ())))


def answers_in(parcel: Parcel, opener: ParcelOpener) -> Mapping[str, object]:
    """The answers in rating's parcel. Raises `Invalid`: unknown-key, broken-parcel."""
    answers = opener.open(parcel).get("answers")
    if not isinstance(answers, dict):
        raise Invalid("broken-parcel")
    return answers


def tell(quote: Quote, *, is_new: bool, reasons: int) -> None:
    """One line in the log."""
    event = quote.event
    facts: dict[str, object] = {"quote_id": event.quote_id, "request_id": event.request_id, "tariff": event.tariff.id}
    if not is_new:
        log.info("quote stands already", **facts)
    elif isinstance(event, QuoteOffered):
        log.info("quote offered", **facts, premium_yen=event.options[0].premium)
    else:
        log.info("quote referred", **facts, count=reasons)
