"""Makes the event that publishes a quote."""

from collections.abc import Callable, Mapping
from typing import Any

from services.rating.domain.quote import Quote
from services.rating.domain.worksheet import AS_REQUESTED, PricedFor, Worksheet
from shared.events import Parcel, QuoteOffered, QuoteReferred

Seal = Callable[[str, Mapping[str, Any]], Parcel]
"""Encrypts plain JSON for the reader of that name."""


def to_event(
    quote: Quote,
    worksheet: Worksheet,
    seal: Seal,
    *,
    unfavourable: tuple[str, ...] = (),
    priced: PricedFor = AS_REQUESTED,
) -> QuoteOffered | QuoteReferred:
    """The event of *quote*; *worksheet* is the one of this quote, not encrypted.

    *unfavourable*: questions for the desk (`QuoteForDesk`). They follow from the answers, so nothing else keeps them.
    """
    head: dict[str, Any] = {
        "quote_id": quote.quote_id,
        "request_id": quote.request_id,
        "reception_no": quote.reception_no,
        "product": quote.product,
        "revision": quote.revision,
        "tariff": quote.tariff,
        "engine": quote.engine,
        "issued_at": quote.issued_at,
    }
    for_desk = worksheet.for_desk().model_copy(update={"unfavourable": unfavourable})
    parcels = {"desk": seal("desk", for_desk.model_dump(mode="json"))}
    offer = quote.offer
    if offer is None:
        return QuoteReferred(**head, parcels=parcels)
    # Always add a parcel: a missing one would show that nothing can be saved, and so reveal answers.
    parcels["notify"] = seal("notify", worksheet.for_notify(priced).model_dump(mode="json", exclude_none=True))
    return QuoteOffered(
        **head,
        parcels=parcels,
        expires_on=offer.expires_on,
        options=offer.options,
        changes=offer.changes,
        grids=worksheet.grids,
        basis=offer.basis,
    )
