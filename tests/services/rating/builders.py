"""Keys of this run's own, requests and decisions as other services publish them, and rating itself in memory."""

import base64
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from nacl.public import PrivateKey, PublicKey

from pricing.tariff import PricedProduct
from services.rating.domain.edition import Edition
from services.rating.domain.event import to_event
from services.rating.domain.quote import Offer, PlainStep, Quote
from services.rating.domain.worksheet import Worksheet
from services.rating.ports import Editions, Quotes
from services.rating.usecases.issue import IssueQuote
from services.rating.usecases.rate import RateRequest
from services.rating.usecases.revise import ReviseQuote
from shared.events import (
    Option,
    Parcel,
    QuoteDecided,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
    TariffRef,
    TariffStarted,
    Wishes,
)
from shared.runtime.parcels import KeyPair, ParcelOpener, Sealer, new_key_pair
from tests.pricing.builders import NOON, PRODUCT, answers

REQUEST: Final = "5f0c8f0e-7a35-5f5c-9d57-1f7f4c3f6a01"


def sealer_of(*pairs: KeyPair) -> Sealer:
    """Seals for the reader of each pair."""
    return Sealer({pair.id.partition("-")[0]: (pair.id, PublicKey(base64.b64decode(pair.public))) for pair in pairs})


def opener_of(pair: KeyPair) -> ParcelOpener:
    """Opens what was sealed for the reader of *pair*."""
    return ParcelOpener({pair.id: PrivateKey(base64.b64decode(pair.secret))})


RATING: Final = new_key_pair("rating", 1)
DESK: Final = new_key_pair("desk", 1)
NOTIFY: Final = new_key_pair("notify", 1)
SEALER: Final = sealer_of(RATING, DESK, NOTIFY)
FOR_RATING: Final = opener_of(RATING)
FOR_DESK: Final = opener_of(DESK)
FOR_NOTIFY: Final = opener_of(NOTIFY)


def issue_quote(quotes: Quotes, now: datetime = NOON) -> IssueQuote:
    return IssueQuote(sealer=SEALER, quotes=quotes, now=lambda: now, hints={"cyber-security": PRODUCT.hints})


def rate_request(
    quotes: Quotes, editions: Editions, product: PricedProduct = PRODUCT, now: datetime = NOON
) -> RateRequest:
    return RateRequest(
        products={"cyber-security": product}, opener=FOR_RATING, editions=editions, issue=issue_quote(quotes, now)
    )


def revise_quote(quotes: Quotes, editions: Editions) -> ReviseQuote:
    return ReviseQuote(opener=FOR_RATING, sealer=SEALER, quotes=quotes, editions=editions, issue=issue_quote(quotes))


def a_request(
    given: dict[str, Any] | None = None,
    *,
    accepted_at: datetime = NOON,
    product: str = "cyber-security",
    quote: bool = True,
    parcels: dict[str, Parcel] | None = None,
) -> RequestReceived:
    """One that wishes a quote, with the answers sealed for rating."""
    sealed = {"rating": SEALER.seal("rating", {"answers": answers() if given is None else given})}
    return RequestReceived(
        request_id=str(uuid4()),
        reception_no="K7M2P4XR",
        product=product,
        form_version="2026-10-01",
        accepted_at=accepted_at,
        wishes=Wishes(brochure="email", quote=quote),
        parcels=sealed if parcels is None else parcels,
    )


def a_decision(
    request_id: str, *, revision: int = 2, reason: str = "本社の承認による", **wanted: object
) -> QuoteDecided:
    """What staff decided about a request's quote: `terms=`, `answers=` or `premium=`."""
    return QuoteDecided(
        request_id=request_id,
        decision_id=str(uuid4()),
        revision=revision,
        decided_at=NOON,
        decided_by="staff-1",
        parcels={"rating": SEALER.seal("rating", {"reason": reason, **wanted})},
    )


def a_release(request_id: str) -> QuoteReleased:
    """An event of the same topic that rating has no use for."""
    return QuoteReleased(request_id=request_id, quote_id="q", released_at=NOON, released_by="staff-1")


AN_EDITION: Final = Edition(
    id="e1", product="cyber-security", tariff="2026-10-01", tariff_text="tariff: 料率\n", form_text="version: 質問\n"
)


def a_quote(*, request_id: str = REQUEST, premium: int | None = 92_800, revision: int = 1) -> Quote:
    """Offered at *premium*, or referred."""
    return Quote(
        request_id=request_id,
        reception_no="K7M2P4XR",
        product="cyber-security",
        revision=revision,
        form_version="2026-10-01",
        tariff=TariffRef(id="2026-10-01", sha256="4c9b"),
        edition="e1",
        engine="1.0.0",
        issued_at=NOON,
        answers=Parcel(key="rating-1", box="c2VhbGVk"),
        worksheet=Parcel(key="rating-1", box="c2hlZXQ="),
        decision="d1" if revision > 1 else None,
        offer=None if premium is None else _an_offer(premium),
    )


def event_of(quote: Quote) -> QuoteOffered | QuoteReferred:
    """The event of *quote*, with nothing in its worksheet."""
    return to_event(quote, Worksheet(), SEALER.seal)


def _an_offer(premium: int) -> Offer:
    head = Option(
        plan="basic",
        liability_limit=100_000_000,
        cost_limit=30_000_000,
        liability_deductible=100_000,
        cost_deductible=0,
        riders=("fixed_premium",),
        premium=premium,
        chosen=True,
    )
    return Offer(
        basis="tariff",
        premium_yen=premium,
        options=(head,),
        changes=(),
        workings=(PlainStep("業種別の基本保険料", "", "92800"),),
        expires_on=date(2026, 12, 23),
    )


def a_started_tariff(*, minutes: int = 0) -> TariffStarted:
    """One that was published so many minutes after noon, without any premium."""
    return TariffStarted(
        request_id="cyber-security",
        edition_id="t1",
        product="cyber-security",
        tariff=TariffRef(id="2026-10-01", sha256="4c9b"),
        engine="1.0.0",
        form_version="2026-10-01",
        in_force_from=date(2026, 10, 1),
        started_at=NOON + timedelta(minutes=minutes),
        turnovers=(1_000, 2_000),
        industries=(),
    )
