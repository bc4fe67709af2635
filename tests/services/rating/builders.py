"""Requests as intake announces them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from shared.events import Parcel, QuoteDecided, QuoteReleased, RequestReceived, Wishes
from tests.pricing.builders import NOON, answers
from tests.services.rating.keys import SEALER


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
    """What staff decided of a request's quote: `terms=` or `premium=`."""
    return QuoteDecided(
        request_id=request_id,
        decision_id=str(uuid4()),
        revision=revision,
        decided_at=NOON,
        decided_by="staff-1",
        parcels={"rating": SEALER.seal("rating", {"reason": reason, **wanted})},
    )


def a_release(request_id: str) -> QuoteReleased:
    """A fact of the same topic that is none of rating's business."""
    return QuoteReleased(request_id=request_id, quote_id="q", released_at=NOON, released_by="staff-1")
