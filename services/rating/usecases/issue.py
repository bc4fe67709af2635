"""Makes the quote from a result, keeps it and has it published. No other place makes quotes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from pricing.engine.result import ENGINE, Offered, Result
from services.rating.domain.edition import Pricing
from services.rating.domain.event import to_event
from services.rating.domain.quote import Offer, PlainStep, Quote
from services.rating.domain.worksheet import AS_REQUESTED, PricedFor, Worksheet
from services.rating.ports import Quotes
from shared.clock import JST, Clock
from shared.errors import Invalid
from shared.events import Parcel, TariffRef
from shared.products.hints import Hints
from shared.runtime.parcels import Sealer

log = structlog.get_logger(__name__)

NO_TARIFF_REF: Final = TariffRef(id="none", sha256="")
"""In a referral for which no tariff was in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteInput:
    """What a quote is made from, besides the result. `pricing` is None when no tariff was in force that day.

    `unfavourable`: the questions whose answers staff look at first. `decision` and `note` come from staff, for a
    revision after the first; `is_manual`: they set the premium. `priced`: what they had priced in place of what was
    requested.
    """

    request_id: str
    reception_no: str
    product: str
    revision: int
    form_version: str
    answers: Parcel
    pricing: Pricing | None
    decision: str | None = None
    unfavourable: tuple[str, ...] = ()
    note: str = ""
    is_manual: bool = False
    priced: PricedFor = AS_REQUESTED


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueQuote:
    """Issue a quote: keep it with its event, and write one line to the log. Safe to repeat."""

    sealer: Sealer
    quotes: Quotes
    now: Clock
    hints: Mapping[str, Hints]
    """What each product says of how savings are had."""

    async def __call__(self, quote_input: QuoteInput, result: Result) -> None:
        """Raises `Invalid` (revision-taken) when another decision has made this revision, or `Unavailable`."""
        worksheet = Worksheet.of(result, quote_input.note, self.hints.get(quote_input.product, ()))
        quote = self._quote(quote_input, result, worksheet)
        facts = {"quote_id": quote.quote_id, "request_id": quote.request_id, "tariff": quote.tariff.id}
        event = to_event(
            quote,
            worksheet,
            self.sealer.seal,
            unfavourable=quote_input.unfavourable,
            priced=quote_input.priced,
        )
        if not await self.quotes.add(quote, event):
            await self._check_decision(quote)
            log.info("quote stands already", **facts)
        elif quote.offer:
            log.info("quote offered", **facts, premium_yen=quote.premium_yen)
        else:
            log.info("quote referred", **facts, count=len(worksheet.reasons))

    def _quote(self, quote_input: QuoteInput, result: Result, worksheet: Worksheet) -> Quote:
        issued_at, pricing, offer = self.now(), quote_input.pricing, None
        if isinstance(result, Offered) and pricing:
            offer = Offer(
                basis="manual" if quote_input.is_manual else "tariff",
                premium_yen=result.premium_yen,
                options=result.options,
                changes=result.changes,
                workings=tuple(PlainStep(step.label, step.factor, step.amount) for step in worksheet.workings),
                expires_on=issued_at.astimezone(JST).date() + timedelta(days=pricing.tariff.valid_days),
            )
        return Quote(
            request_id=quote_input.request_id,
            reception_no=quote_input.reception_no,
            product=quote_input.product,
            revision=quote_input.revision,
            form_version=quote_input.form_version,
            tariff=TariffRef(id=pricing.tariff.id, sha256=pricing.tariff.sha256) if pricing else NO_TARIFF_REF,
            edition=pricing.edition.id if pricing else None,
            engine=ENGINE,
            issued_at=issued_at,
            answers=quote_input.answers,
            worksheet=self.sealer.seal("rating", worksheet.model_dump(mode="json")),
            decision=quote_input.decision,
            offer=offer,
        )

    async def _check_decision(self, quote: Quote) -> None:
        """Two people may decide at once. Raise, so that the second decision becomes a dead letter."""
        if quote.decision is not None:
            kept = await self.quotes.revision(quote.request_id, quote.revision)
            if kept is None or kept.decision != quote.decision:
                raise Invalid("revision-taken")
