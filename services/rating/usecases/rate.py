"""The use case that rating exists for: each request that asks for a quote gets one answer, a price or a referral."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from pricing.engine.in_force import NO_TARIFF, in_force
from pricing.engine.price import price
from pricing.engine.result import Reason, Referred
from pricing.engine.unfavourable import unfavourable
from pricing.tariff import PricedProducts
from services.rating.domain.edition import Pricing, pricing_under
from services.rating.domain.quote import FIRST_REVISION
from services.rating.ports import Editions
from services.rating.usecases.issue import IssueQuote, QuoteInput
from shared.clock import JST
from shared.errors import Invalid
from shared.events import Parcel, RequestReceived
from shared.products import ProductError
from shared.runtime.parcels import ParcelOpener

log = structlog.get_logger(__name__)

# No dead letter, of which the desk would never hear: intake has accepted the request, and somebody waits for an answer.
_UNKNOWN_PRODUCT: Final = Referred((Reason("unknown-product", "この商品の料率表が見積りのシステムにありません。"),))
_OTHER_FORM: Final = Referred((Reason("other-form", "ご依頼時の質問表には、受付日の料率表が対応していません。"),))


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRequest:
    """Answer one request. Safe to repeat: a redelivered request keeps its first price."""

    products: PricedProducts
    opener: ParcelOpener
    editions: Editions
    issue: IssueQuote

    async def __call__(self, request: RequestReceived) -> None:
        """Raises `Invalid` (no-parcel, unknown-key, broken-parcel, other-request) or `Unavailable`."""
        if not request.wishes.quote:
            return
        parcel = request.parcels.get("rating")
        if parcel is None:
            raise Invalid("no-parcel")
        answers = answers_in(parcel, self.opener, request.request_id)
        found = self._pricing(request)
        pricing = found if isinstance(found, Pricing) else None
        if pricing:
            # Before the quote, so that no quote ever names an edition that is not there.
            await self.editions.add(pricing.edition)
        quote_input = QuoteInput(
            request_id=request.request_id,
            reception_no=request.reception_no,
            product=request.product,
            revision=FIRST_REVISION,
            form_version=request.form_version,
            answers=parcel,
            pricing=pricing,
            unfavourable=unfavourable(answers, pricing.tariff) if pricing else (),
        )
        await self.issue(quote_input, price(answers, found.tariff) if isinstance(found, Pricing) else found)

    def _pricing(self, request: RequestReceived) -> Pricing | Referred:
        product = self.products.get(request.product)
        if product is None:
            log.warning("product without prices", request_id=request.request_id, product=request.product)
            return _UNKNOWN_PRODUCT
        tariff = in_force(product.tariffs, request.accepted_at.astimezone(JST).date())
        if tariff is None:
            return NO_TARIFF
        try:
            return pricing_under(product, tariff, request.form_version)
        except ProductError as error:
            log.warning("form without prices", request_id=request.request_id, tariff=tariff.id, error=str(error))
            return _OTHER_FORM


def answers_in(parcel: Parcel, opener: ParcelOpener, request_id: str) -> Mapping[str, object]:
    """The answers in rating's parcel of that request. Raises `Invalid`: unknown-key, broken-parcel, other-request."""
    # Not checked against `RequestForRating`: an answer of an unknown kind is a reason to refer the request to a person,
    # and a dead letter would answer nobody.
    content = opener.open(parcel)
    answers = content.get("answers")
    if not isinstance(answers, dict):
        raise Invalid("broken-parcel")
    # Whoever breaks into intake has old parcels but cannot open them. Under a request of their own, the quote would be
    # mailed to them, and shows what was answered. Parcels of earlier versions do not say whose they are.
    if content.get("request_id", request_id) != request_id:
        raise Invalid("other-request")
    return answers
