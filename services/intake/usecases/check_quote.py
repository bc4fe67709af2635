"""Say whether a 見積書 was issued here and still stands, to whoever has the address that is printed on it."""

from dataclasses import dataclass

from services.intake.domain.authenticity import IssuedQuote, issued_quote
from services.intake.domain.outcome import quote_outcome_id
from services.intake.ports import Outcomes
from shared.clock import JST, Clock


@dataclass(frozen=True, slots=True)
class CheckQuote:
    """Look a quote up by its id, which nobody can guess."""

    outcomes: Outcomes
    now: Clock

    async def __call__(self, product: str, quote_id: str) -> IssuedQuote | None:
        """None: *product* has issued no 見積書 of this id. Raises `Unavailable`."""
        found = await self.outcomes.find(quote_outcome_id(quote_id))
        if found is None or found.quote is None or found.quote.product != product:
            return None
        today = self.now().astimezone(JST).date()
        return issued_quote(found, await self.outcomes.of(found.request_id), today)
