"""The receipt: the customer learns at once that the request has arrived and what happens next."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import ContactFields, LinkedBrochure, RequestContext, fields_for_contact
from shared.events import RequestReceived


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptFields(ContactFields):
    """What was asked for, and what is enclosed. Nothing that was typed: nobody has confirmed the address yet."""

    brochure: str
    wants_quote: bool
    brochures: tuple[str, ...]
    linked: tuple[LinkedBrochure, ...]
    """Brochures that are too big for the mail."""
    wants_news: bool
    news_url: str
    """Where news are stopped; empty where only the desk can do it."""

    @property
    def links(self) -> tuple[str, ...]:
        """Where these brochures are, and where news are stopped."""
        return (*(brochure.url for brochure in self.linked), *filter(None, [self.news_url]))


def _due(known: KnownFacts, _release: Release) -> Iterator[Occasion[RequestReceived]]:
    if known.request and known.contact_since:
        yield Occasion(about=known.request.request_id, since=known.contact_since, fact=known.request)


def _fill(context: RequestContext, request: RequestReceived) -> ReceiptFields:
    return ReceiptFields(
        **fields_for_contact(context),
        brochure=request.wishes.brochure,
        wants_quote=request.wishes.quote,
        brochures=context.brochures,
        linked=context.linked,
        wants_news=context.wants_news,
        news_url=context.news_url,
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
