"""What rating needs from the world, in its own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.events import Parcel, QuoteOffered, QuoteReferred


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote as it is kept for good, with the event that tells of it.

    `answers` is the request's own parcel, still sealed: what the price was made from can be opened and priced again.
    `workings` are label, factor and amount; what each follows from is in the event's parcel for the desk.
    """

    id: str
    event: QuoteOffered | QuoteReferred
    form_version: str
    answers: Parcel
    workings: Sequence[dict[str, str]]


class Quotes(Protocol):
    """The ledger of quotes. Nothing in it ever changes but what the relay notes."""

    async def keep(self, quote: Quote) -> bool:
        """Keep *quote* with its unsent event; False when its id has one already, which stays as it is.

        Raises `Unavailable`.
        """
        ...
