"""The quote: the customer gets the price, with the 見積書 as a PDF."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.notify.domain import wording
from services.notify.domain.facts import KnownFacts, Release, waits_since
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import ContactFields, RequestContext, fields_for_contact
from services.notify.domain.offer import (
    ChangedTerm,
    Cover,
    changed_terms,
    choice_label,
    covers,
    end_of_validity,
    form_of,
    head_option,
    quote_no,
    rider_labels,
)
from shared.events import QuoteOffered
from shared.yen import yen


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFields(ContactFields):
    """The main figures of the 見積書 that is enclosed."""

    quote_no: str
    issued_on: str
    expires_on: str
    premium: str
    plan: str
    riders: tuple[str, ...]
    covers: tuple[Cover, ...]
    changes: tuple[ChangedTerm, ...]


def _due(known: KnownFacts, release: Release) -> Iterator[Occasion[QuoteOffered]]:
    if known.request is None:
        return
    for quote in known.quotes:
        since = known.contact_since if release == "auto" else known.released.get(quote.quote_id)
        if isinstance(quote, QuoteOffered) and since and not known.is_overtaken(quote):
            until = end_of_validity(quote.expires_on)
            yield Occasion(
                about=quote.quote_id, since=waits_since(quote, since), fact=quote, revision=quote.revision, until=until
            )


def _fill(context: RequestContext, quote: QuoteOffered) -> QuoteFields:
    option, form = head_option(quote), form_of(context.request, context.product)
    return QuoteFields(
        **fields_for_contact(context),
        quote_no=quote_no(quote),
        issued_on=wording.day(quote.issued_at),
        expires_on=wording.day(quote.expires_on),
        premium=yen(option.premium),
        plan=choice_label(form, "plan", option.plan),
        riders=rider_labels(form, option),
        covers=covers(option),
        changes=changed_terms(form, quote.changes),
    )


QUOTE: Final = LetterDeclaration(
    kind="quote",
    name="見積書のお届け",
    reader="contact",
    due=_due,
    fields=QuoteFields,
    fill=_fill,
    encloses="quote",
)
