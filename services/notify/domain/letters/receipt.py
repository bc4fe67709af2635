"""The receipt: the customer learns at once that the request has arrived and what happens next."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import ContactFields, RequestContext, fields_for_contact
from shared.events import RequestReceived


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFields(ContactFields):
    """What was asked for, and what is enclosed. Nothing that was typed: nobody has confirmed the address yet."""

    brochure: str
    wants_quote: bool
    brochures: tuple[str, ...]


def _due(known: KnownFacts, _release: Release) -> Iterator[Occasion[RequestReceived]]:
    if known.request and known.contact_since:
        yield Occasion(about=known.request.request_id, since=known.contact_since, fact=known.request)


def _fill(context: RequestContext, request: RequestReceived) -> ReceiptFields:
    return ReceiptFields(
        **fields_for_contact(context),
        brochure=request.wishes.brochure,
        wants_quote=request.wishes.quote,
        brochures=context.brochures,
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
