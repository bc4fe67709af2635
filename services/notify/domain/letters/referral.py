"""The referral: there is no price, and a person of the agency will answer the customer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.notify.domain.facts import KnownFacts, Release, waits_since
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import ContactFields, RequestContext, fields_for_contact
from shared.events import QuoteReferred


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralFields(ContactFields):
    """How soon a person answers."""

    reply_within: str


def _due(known: KnownFacts, _release: Release) -> Iterator[Occasion[QuoteReferred]]:
    if (since := known.contact_since) is None:
        return
    for quote in known.quotes:
        if isinstance(quote, QuoteReferred) and not known.is_overtaken(quote):
            yield Occasion(about=quote.quote_id, since=waits_since(quote, since), fact=quote, revision=quote.revision)


def _fill(context: RequestContext, _quote: QuoteReferred) -> ReferralFields:
    return ReferralFields(**fields_for_contact(context), reply_within=context.product.agency.reply_within)


REFERRAL: Final = LetterDeclaration(
    kind="referral",
    name="担当者からのご連絡のお知らせ",
    reader="contact",
    due=_due,
    fields=ReferralFields,
    fill=_fill,
)
