"""What agency staff decided."""

from typing import ClassVar

from shared.events.base import DESK, Event, Moment, Parcel


class QuoteReleased(Event):
    """A member of staff lets this quote go out to the customer.

    Needed for the quotes of products with `release: desk`, and of requests that are held (`is_held`).
    """

    topic: ClassVar = DESK
    type: ClassVar = "mitsumori.desk.quote.released.v1"

    quote_id: str
    released_at: Moment
    released_by: str
    """The staff account's id, never a name."""


class QuoteDecided(Event):
    """Staff ask for another revision of a quote: with other terms of the cover, or with a premium that they set.

    `revision` is the one to be made: one more than that of the quote that they decided on. Parcels (parcels.py):
    `rating` (`DecisionForRating`).
    """

    topic: ClassVar = DESK
    type: ClassVar = "mitsumori.desk.quote.decided.v1"

    decision_id: str
    revision: int
    decided_at: Moment
    decided_by: str
    """The staff account's id, never a name."""
    parcels: dict[str, Parcel]
