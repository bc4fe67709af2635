"""The referral: there is no price, and a person of the agency will answer the customer."""

from collections.abc import Iterator
from typing import Final

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import RequestContext, RequestFields, fields_of_request
from shared.events import QuoteReferred


def _due(known: KnownFacts, _release: Release) -> Iterator[Occasion[QuoteReferred]]:
    if (request := known.request) is None:
        return
    for quote in known.quotes:
        if isinstance(quote, QuoteReferred):
            yield Occasion(about=quote.quote_id, since=request.accepted_at, fact=quote, revision=quote.revision)


def _fill(context: RequestContext, _quote: QuoteReferred) -> RequestFields:
    return RequestFields(**fields_of_request(context))


REFERRAL: Final = LetterDeclaration(
    kind="referral",
    name="担当者からのご連絡のお知らせ",
    reader="contact",
    due=_due,
    fields=RequestFields,
    fill=_fill,
)
