"""What agency staff decided."""

from typing import ClassVar

from shared.events.base import DESK, Event, Moment, Parcel


class RequestReleased(Event):
    """A member of staff lets the mails of a held request (`is_held`) go out to its contact."""

    topic: ClassVar = DESK
    type: ClassVar = "mitsumori.desk.request.released.v1"

    released_at: Moment
    released_by: str
    """The staff account's id, never a name."""


class QuoteReleased(Event):
    """A member of staff lets this quote go out to the customer.

    Needed for the quotes of products with `release: desk`. For a held request it also means `RequestReleased`, which
    versions before that event could not say.
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
