"""What intake says: a request was accepted, or its personal data was erased."""

from typing import ClassVar, Literal

from shared.events.base import REQUESTS, Event, Model, Moment, Parcel


class Wishes(Model):
    """What the customer asked for: brochures by mail or by post, and whether a quote."""

    brochure: Literal["email", "post", "none"]
    quote: bool


class Segment(Model):
    """Coarse enough to show on a topic: for counting, never for pricing. Absent when no quote was asked for."""

    industry: str
    turnover_band: str


class RequestReceived(Event):
    """A valid request is kept for good.

    Parcels: `rating` (`answers`; only when a quote is wished), `notify` (`contact`, `terms`), `desk` (both).
    """

    topic: ClassVar = REQUESTS
    type: ClassVar = "mitsumori.request.received.v1"

    reception_no: str
    product: str
    form_version: str
    accepted_at: Moment
    wishes: Wishes
    segment: Segment | None = None
    parcels: dict[str, Parcel]


class RequestErased(Event):
    """The personal data of this request is to be forgotten by every reader."""

    topic: ClassVar = REQUESTS
    type: ClassVar = "mitsumori.request.erased.v1"

    erased_at: Moment
