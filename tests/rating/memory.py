"""The ledger of quotes in memory: it keeps the promises of the real one (`quotes_spec.py` holds both to them)."""

from dataclasses import dataclass, field

from services.rating.ports import Quote
from shared.events import QuoteOffered


@dataclass
class InMemoryQuotes:
    kept: dict[str, Quote] = field(default_factory=dict)

    async def keep(self, quote: Quote) -> bool:
        return self.kept.setdefault(quote.id, quote) is quote

    def premiums(self) -> list[int]:
        """Of the chosen options, in the order that the quotes were kept in."""
        offers = [quote.event for quote in self.kept.values() if isinstance(quote.event, QuoteOffered)]
        return [option.premium for offer in offers for option in offer.options if option.chosen]
