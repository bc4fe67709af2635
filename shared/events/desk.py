"""What agency staff decided."""

from typing import ClassVar

from shared.events.base import DESK, Event, Moment


class QuoteReleased(Event):
    """A member of staff lets this quote go out to the customer (products with `release: desk`)."""

    topic: ClassVar = DESK
    type: ClassVar = "mitsumori.desk.quote.released.v1"

    quote_id: str
    released_at: Moment
    released_by: str
    """The staff account's id, never a name."""
