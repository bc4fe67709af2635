"""Requests as intake announces them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from shared.events import Parcel, RequestReceived, Wishes
from tests.rating.builders import NOON, answers
from tests.rating.keys import SEALER


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
