"""The events of intake: a request was accepted or erased, a mail about a draft was asked for, visits were counted."""

from datetime import date
from typing import Any, ClassVar, Final, Literal

from pydantic import Field

from shared.events.base import REQUESTS, Event, Model, Moment, Parcel

SUSPICIONS: Final = (
    *("honeypot", "too-fast", "no-start", "many-links", "many-requests"),
    *("advertisement", "many-to-mailbox", "mail-ceiling"),
)
"""Why somebody should look before a request is trusted, as far as intake knows today:

a hidden field was filled in; it was sent faster than a person types; without the form's start page; with free text
full of web addresses; as one of many from one network in a short time; with a name that looks like an advertisement or
holds an address; as one of many with the same mail address in a day; while more mails were asked for than the agency
sends in an hour. Readers tolerate codes that they do not know.
"""


class Wishes(Model):
    """What the customer asked for: brochures by mail or by post, and whether a quote."""

    brochure: Literal["email", "post", "none"]
    quote: bool


class Segment(Model):
    """For counting, never for pricing: coarse enough to be shown on a topic. Absent when no quote was asked for."""

    industry: str
    turnover_band: str


def _held_by_suspicions(fields: dict[str, Any]) -> bool:
    """What `is_held` meant before requests had it: only a filled honeypot held the quotes of a request."""
    return "honeypot" in fields["suspicions"]


class RequestReceived(Event):
    """A valid request is kept for good.

    Parcels (parcels.py): `rating` (`RequestForRating`; only when a quote is wished), `notify` (`RequestForNotify`),
    `desk` (`RequestForDesk`). `suspicions` (see `SUSPICIONS`) are shown to staff; intake decides which of them hold
    the mails back (`is_held`).
    """

    topic: ClassVar = REQUESTS
    type: ClassVar = "mitsumori.request.received.v1"

    reception_no: str
    product: str
    form_version: str
    accepted_at: Moment
    wishes: Wishes
    segment: Segment | None = None
    suspicions: tuple[str, ...] = ()
    is_held: bool = Field(default_factory=_held_by_suspicions)
    """Whether every mail to its contact waits until staff let it go out (`RequestReleased`).

    Derived from `suspicions` where an older event lacks it.
    """
    parcels: dict[str, Parcel]


class RequestErased(Event):
    """Every reader must delete the personal data of this request."""

    topic: ClassVar = REQUESTS
    type: ClassVar = "mitsumori.request.erased.v1"

    erased_at: Moment


class ResumeLinkAsked(Event):
    """Somebody wants to go on later with a form that they have begun, and asked for a link to it by mail.

    There is no request yet: `request_id` is the id of this link request and of nothing else. Parcels (parcels.py):
    `notify` (`ResumeLinkForNotify`). The link works once, until `expires_at`; only the newest link to a form works.
    """

    topic: ClassVar = REQUESTS
    type: ClassVar = "mitsumori.request.resume_link_asked.v1"

    product: str
    asked_at: Moment
    expires_at: Moment
    parcels: dict[str, Parcel]


class ColleagueAsked(Event):
    """Somebody has a link mailed to a colleague, who answers some pages of the form that they fill in.

    There is no request yet: `request_id` is the id of this mail and of nothing else. Parcels (parcels.py): `notify`
    (`ColleagueLinkForNotify`). The link works until `expires_at` at least, unless whoever asked ends it before.
    """

    topic: ClassVar = REQUESTS
    type: ClassVar = "mitsumori.request.colleague_asked.v1"

    product: str
    asked_at: Moment
    expires_at: Moment
    parcels: dict[str, Parcel]


class ColleagueAnswered(Event):
    """A colleague has answered all that they were asked by one link, and whoever asked wants to be told by mail.

    There is no request yet: `request_id` is the id of this mail and of nothing else. Parcels (parcels.py): `notify`
    (`AnsweredForNotify`). The form of whoever asked is kept until `expires_at` at least.
    """

    topic: ClassVar = REQUESTS
    type: ClassVar = "mitsumori.request.colleague_answered.v1"

    product: str
    answered_at: Moment
    expires_at: Moment
    parcels: dict[str, Parcel]


class KeyCount(Model):
    """How often something was counted: a page by its slug, a question by its key, or a time by its whole minutes."""

    key: str
    count: int


class OrderCount(Model):
    """How far those visitors came who were asked in one order of the form."""

    order: str
    started: int
    passed: tuple[KeyCount, ...]
    sent: int
    minutes: tuple[KeyCount, ...]
    """How long those took who have sent it."""


class FormCounted(Event):
    """How far the visitors of a form came who began it on one day. These are counts: nobody is followed.

    It is about no request: `request_id` is the same for every count of the day. A count takes the place of all that
    were made before it (`counted_at`): visits go on after they were counted.
    """

    topic: ClassVar = REQUESTS
    type: ClassVar = "mitsumori.form.counted.v1"

    count_id: str
    """Of a day, the same counts have the same id."""
    product: str
    day: date
    """In Japan."""
    counted_at: Moment
    started: int
    passed: tuple[KeyCount, ...]
    """How many visits completed each page."""
    errors: tuple[KeyCount, ...]
    """How often the answers of each question were refused."""
    sent: int
    orders: tuple[OrderCount, ...] = ()
    """The same visits by the order of the form; none in what was counted before there were orders."""
