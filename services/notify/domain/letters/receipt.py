"""The receipt: the customer learns at once that the request has arrived and what happens next."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import RequestContext, RequestFields, fields_of_request, postal_address
from shared.events import RequestReceived


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFields(RequestFields):
    """What was asked for, what is enclosed, and where to post brochures."""

    brochure: str
    wants_quote: bool
    brochures: tuple[str, ...]
    postal_address: str


def _due(known: KnownFacts, _release: Release) -> Iterator[Occasion[RequestReceived]]:
    if request := known.request:
        yield Occasion(about=request.request_id, since=request.accepted_at, fact=request)


def _fill(context: RequestContext, request: RequestReceived) -> ReceiptFields:
    return ReceiptFields(
        **fields_of_request(context),
        brochure=request.wishes.brochure,
        wants_quote=request.wishes.quote,
        brochures=context.brochures,
        postal_address=postal_address(context.contact),
    )


RECEIPT: Final = LetterDeclaration(
    kind="receipt",
    name="受付のお知らせ",
    reader="contact",
    due=_due,
    fields=ReceiptFields,
    fill=_fill,
    encloses="brochures",
)
