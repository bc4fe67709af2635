"""The desk's letter: staff learn of a request once, with everything that they have to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from services.notify.domain.facts import KnownFacts, Release, release_of
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import RequestContext, RequestFields, fields_of_request, postal_address
from services.notify.domain.offer import head_option
from services.notify.domain.suspicions import in_sentences
from shared.events import QuoteOffered, QuoteReferred
from shared.yen import yen

_Result = QuoteOffered | QuoteReferred | None
"""None: no quote was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFields(RequestFields):
    """Whom to call, what was asked for, and what came of it."""

    phone: str
    email: str
    postal_address: str
    brochure: str
    wants_quote: bool
    result: Literal["offered", "referred", "none"]
    premium: str
    changed: bool
    release: Release
    suspicions: tuple[str, ...]
    case_url: str


def _due(known: KnownFacts, _release: Release) -> Iterator[Occasion[_Result]]:
    """Once for each request, even when revision 2 arrives before 1: `about` is the request, without a revision."""
    if (request := known.request) is None:
        return
    if not request.wishes.quote:
        yield Occasion(about=request.request_id, since=request.accepted_at, fact=None)
    elif known.quotes:
        first = min(known.quotes, key=lambda quote: quote.revision)
        yield Occasion(about=request.request_id, since=request.accepted_at, fact=first)


def _fill(context: RequestContext, quote: _Result) -> DeskFields:
    request, contact = context.request, context.contact
    return DeskFields(
        **fields_of_request(context),
        phone=contact.phone,
        email=contact.email,
        postal_address=postal_address(contact),
        brochure=request.wishes.brochure,
        wants_quote=request.wishes.quote,
        result=_result(quote),
        premium=yen(head_option(quote).premium) if isinstance(quote, QuoteOffered) else "",
        changed=isinstance(quote, QuoteOffered) and bool(quote.changes),
        release=release_of(request, context.product.release),
        suspicions=tuple(in_sentences(request.suspicions)),
        case_url=context.case_url,
    )


def _result(quote: _Result) -> Literal["offered", "referred", "none"]:
    match quote:
        case QuoteOffered():
            return "offered"
        case QuoteReferred():
            return "referred"
        case None:
            return "none"


DESK: Final = LetterDeclaration(
    kind="desk",
    name="新しい依頼",
    reader="desk",
    due=_due,
    fields=DeskFields,
    fill=_fill,
)
