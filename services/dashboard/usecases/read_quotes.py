"""Read quotes for another program. Nothing in a quote is personal: its parcels stay closed."""

from dataclasses import dataclass

from services.dashboard.domain.quote_listing import Quote, QuoteFilter, QuotePlace
from services.dashboard.ports.api import Quotes


@dataclass(frozen=True, slots=True)
class ReadQuotes:
    """One page of quotes, the newest first."""

    quotes: Quotes

    async def __call__(
        self, wanted: QuoteFilter, after: QuotePlace | None, limit: int
    ) -> tuple[tuple[Quote, ...], QuotePlace | None]:
        """The quotes, and where the next page begins; None when there is none."""
        found = await self.quotes.page(wanted, after, limit + 1)
        shown = tuple(found[:limit])
        return shown, QuotePlace(shown[-1].issued_at, shown[-1].quote_id) if len(found) > limit else None
