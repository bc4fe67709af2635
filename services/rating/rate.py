"""The deed that rating exists for: each request that wishes a quote is answered once, with a price or a referral."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import structlog

from services.rating.domain.in_force import NO_TARIFF, in_force
from services.rating.domain.price import price
from services.rating.domain.quote import ENGINE, FIRST, Offered, Referred, Result, document_id, quote_id
from services.rating.ports import Quote, Quotes
from shared.errors import Invalid
from shared.events import Content, Option, Parcel, QuoteOffered, QuoteReferred, RequestReceived, TariffRef
from shared.products import Product, Products
from shared.products.tariff import Tariff
from shared.runtime.clock import JST, Clock
from shared.runtime.parcels import Opener, Sealer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RateRequest:
    """Answer one request. Safe to repeat: a redelivered request keeps its first price."""

    products: Products
    opener: Opener
    sealer: Sealer
    quotes: Quotes
    now: Clock

    async def __call__(self, request: RequestReceived) -> None:
        """Raises `Invalid` (unknown-product, no-parcel, unknown-key, broken-parcel) or `Unavailable`."""
        if not request.wishes.quote:
            return
        product = self.products.get(request.product)
        if product is None:
            raise Invalid("unknown-product")
        sealed, answers = self._answers(request)
        tariff = in_force(product.tariffs, request.accepted_at.astimezone(JST).date())
        result = price(answers, tariff) if tariff else NO_TARIFF
        event = self._event(request, product, tariff, result)
        quote = Quote(
            id=document_id(request.request_id, FIRST),
            event=event,
            form_version=request.form_version,
            answers=sealed,
            workings=[_without_input(step) for step in _content(result)["workings"]],
        )
        is_new = await self.quotes.keep(quote)
        _tell(event, result, is_new=is_new)

    def _answers(self, request: RequestReceived) -> tuple[Parcel, Mapping[str, object]]:
        sealed = request.parcels.get("rating")
        if sealed is None:
            raise Invalid("no-parcel")
        answers = self.opener.open(sealed).get("answers")
        if not isinstance(answers, dict):
            raise Invalid("broken-parcel")
        return sealed, answers

    def _event(
        self, request: RequestReceived, product: Product, tariff: Tariff | None, result: Result
    ) -> QuoteOffered | QuoteReferred:
        issued_at = self.now()
        head: dict[str, Any] = {
            "quote_id": quote_id(request.request_id, FIRST),
            "request_id": request.request_id,
            "reception_no": request.reception_no,
            "product": request.product,
            "revision": FIRST,
            "tariff": TariffRef(id=tariff.id, sha256=tariff.sha256) if tariff else TariffRef(id="none", sha256=""),
            "engine": ENGINE,
            "issued_at": issued_at,
            "parcels": {"desk": self.sealer.seal("desk", _content(result))},
        }
        match result:
            case Referred():
                return QuoteReferred(**head)
            case Offered(options=options):
                valid = timedelta(days=product.quote_valid_days)
                return QuoteOffered(
                    **head,
                    expires_on=issued_at.astimezone(JST).date() + valid,
                    options=tuple(Option(**asdict(option)) for option in options),
                )


def _content(result: Result) -> Content:
    """What the desk may see and no topic may show."""
    workings = result.workings if isinstance(result, Offered) else ()
    reasons = result.reasons if isinstance(result, Referred) else ()
    return {"workings": [step.as_text() for step in workings], "reasons": [asdict(reason) for reason in reasons]}


def _without_input(step: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in step.items() if name != "input"}


def _tell(event: QuoteOffered | QuoteReferred, result: Result, *, is_new: bool) -> None:
    facts: dict[str, object] = {"quote_id": event.quote_id, "request_id": event.request_id, "tariff": event.tariff.id}
    if not is_new:
        log.info("quote stands already", **facts)
    elif isinstance(result, Offered):
        log.info("quote offered", **facts, premium_yen=result.premium_yen)
    else:
        log.info("quote referred", **facts, count=len(result.reasons))
