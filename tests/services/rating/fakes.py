"""The ledgers of rating in memory: they keep the promises of the real ones (`quotes_spec.py` holds both to them)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from pricing.engine.quote import document_id, numbered
from services.rating.ports import Edition, Kept, Quote
from shared.events import QuoteOffered


@dataclass
class InMemoryQuotes:
    kept: dict[str, Quote] = field(default_factory=dict)

    async def keep(self, quote: Quote) -> bool:
        return self.kept.setdefault(quote.id, quote) is quote

    async def revision(self, request_id: str, revision: int) -> Kept | None:
        quote = self.kept.get(document_id(request_id, revision))
        return as_kept(quote) if quote else None

    async def named(self, word: str) -> Kept | None:
        events = [quote.event for quote in self.kept.values()]
        found = [event for event in events if event.quote_id == word]
        reception_no, revision = numbered(word)
        found = found or [
            event for event in events if event.reception_no == reception_no and revision in {None, event.revision}
        ]
        latest = max(found, key=lambda event: event.revision, default=None)
        return await self.revision(latest.request_id, latest.revision) if latest else None

    async def every(self) -> AsyncIterator[Kept]:
        for quote in list(self.kept.values()):
            yield as_kept(quote)

    async def count(self) -> int:
        return len(self.kept)

    def premiums(self) -> list[int]:
        """Of the options that head the quotes, in the order that they were kept in."""
        offers = [quote.event for quote in self.kept.values() if isinstance(quote.event, QuoteOffered)]
        return [offer.head.premium for offer in offers if offer.head]


@dataclass
class InMemoryEditions:
    kept: dict[str, Edition] = field(default_factory=dict)

    async def keep(self, edition: Edition) -> None:
        self.kept.setdefault(edition.id, edition)

    async def get(self, edition_id: str) -> Edition | None:
        return self.kept.get(edition_id)


def as_kept(quote: Quote) -> Kept:
    event = quote.event
    offered = event if isinstance(event, QuoteOffered) else None
    return Kept(
        quote_id=event.quote_id,
        request_id=event.request_id,
        reception_no=event.reception_no,
        product=event.product,
        revision=event.revision,
        tariff_id=event.tariff.id,
        tariff_sha256=event.tariff.sha256,
        engine=event.engine,
        form_version=quote.form_version,
        issued_at=event.issued_at,
        edition=quote.edition,
        answers=quote.answers,
        worksheet=quote.worksheet,
        result="offered" if offered else "referred",
        basis=offered.basis if offered else "tariff",
        premium_yen=offered.options[0].premium if offered else None,
        expires_on=offered.expires_on.isoformat() if offered else None,
        decision=quote.decision,
    )
