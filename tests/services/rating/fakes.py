"""The ledgers of rating in memory: they keep the promises of the real ones (`specs.py` checks both)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from services.rating.domain.edition import Edition
from services.rating.domain.quote import Quote, document_id, parse_quote_no
from shared.events import QuoteOffered, QuoteReferred, TariffStarted


@dataclass
class InMemoryQuotes:
    kept: dict[str, Quote] = field(default_factory=dict)
    events: list[QuoteOffered | QuoteReferred] = field(default_factory=list)

    async def add(self, quote: Quote, event: QuoteOffered | QuoteReferred) -> bool:
        if quote.id in self.kept:
            return False
        self.kept[quote.id] = quote
        self.events.append(event)
        return True

    async def revision(self, request_id: str, revision: int) -> Quote | None:
        return self.kept.get(document_id(request_id, revision))

    async def find(self, name: str) -> Quote | None:
        reception_no, revision = parse_quote_no(name)
        matches = [quote for quote in self.kept.values() if quote.quote_id == name] or [
            quote
            for quote in self.kept.values()
            if quote.reception_no == reception_no and revision in {None, quote.revision}
        ]
        return max(matches, key=lambda quote: quote.revision, default=None)

    async def every(self) -> AsyncIterator[Quote]:
        for quote in list(self.kept.values()):
            yield quote

    async def count(self) -> int:
        return len(self.kept)

    def premiums(self) -> list[int]:
        """Of the options that head the events, in the order that they were added in."""
        return [event.head.premium for event in self.events if isinstance(event, QuoteOffered) and event.head]


@dataclass
class InMemoryEditions:
    kept: dict[str, Edition] = field(default_factory=dict)

    async def add(self, edition: Edition) -> None:
        self.kept.setdefault(edition.id, edition)

    async def get(self, edition_id: str) -> Edition | None:
        return self.kept.get(edition_id)


@dataclass
class InMemoryStartedTariffs:
    kept: dict[str, TariffStarted] = field(default_factory=dict)

    async def has(self, edition_id: str) -> bool:
        return edition_id in self.kept

    async def add(self, event: TariffStarted) -> bool:
        return self.kept.setdefault(event.edition_id, event) is event
