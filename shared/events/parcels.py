"""What each reader's parcel holds: the encrypted half of the published language (docs/adr/0003-parcels.md).

`CONTENTS` names the model for every event and reader. The rules are those of events: within `.v1` fields are only
added, readers ignore what they do not know, and a field that came later has a default for older parcels.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import Field

from shared.events.base import Event, Model
from shared.events.desk import QuoteDecided
from shared.events.quotes import QuoteOffered, QuoteReferred
from shared.events.requests import RequestReceived, ResumeLinkAsked

Answer = str | int | list[str]
"""The value of one question: a choice or text, an amount, or several choices."""


class Contact(Model):
    """Who asked, and where they can be reached."""

    company: str
    department: str
    person: str
    phone: str
    email: str
    postal_code: str
    address: str
    building: str = ""


class Declared(Model):
    """An answer of the 告知 that is easily misread, with its question, both spelled out in Japanese."""

    question: str
    answer: str


class RequestForRating(Model):
    """The answers that a price needs, by key. Neither contact nor consents."""

    answers: dict[str, Answer]


class RequestForNotify(Model):
    """What letters say of a request."""

    contact: Contact
    terms: dict[str, Answer] = Field(default_factory=dict)
    """What the price was asked for, by key: `industry`, `turnover` in 千円, the cover. Empty without a quote."""
    declared: tuple[Declared, ...] = ()


class RequestForDesk(Model):
    """Everything that was answered, for staff. `typed`: as it was typed, where what is kept was tidied."""

    contact: Contact
    answers: dict[str, Answer]
    typed: dict[str, str] = Field(default_factory=dict)


class ResumeLinkForNotify(Model):
    """Where the form goes on, and the mail address that asked to know."""

    email: str
    url: str


class Working(Model):
    """One step of a premium, all as text: figures are decimals to the last digit, amounts in 円."""

    label: str
    input: str = ""
    """What the factor follows from."""
    factor: str = ""
    """Empty for a sum, a bound or a rounding."""
    amount: str = ""
    """The running amount after this step."""
    source: str = ""
    """The cell of the tariff that the factor stands in."""


class Reason(Model):
    """Why a person must answer: a word for machines and a sentence in Japanese."""

    code: str
    message: str = ""


class Saving(Model):
    """What one more control in place would take off the premium: `saves` in 円 a year."""

    advice: str
    saves: int


class SavingForDesk(Saving):
    """Also which question the control answers, and the premium in 円 that would be left."""

    key: str = ""
    premium: int = 0


class QuoteForDesk(Model):
    """How the price came about, or why there is none. `note` is what staff wrote with their own decision."""

    workings: tuple[Working, ...] = ()
    reasons: tuple[Reason, ...] = ()
    savings: tuple[SavingForDesk, ...] = ()
    note: str = ""


class QuoteForNotify(Model):
    """The savings that the 見積書 tells of: the three largest."""

    savings: tuple[Saving, ...] = ()


class DecisionForRating(Model):
    """What staff decided, and why: either changed `terms` of the cover by key, or a `premium` in 円."""

    reason: str
    terms: dict[str, str | int] | None = None
    premium: int | None = None


CONTENTS: Final[Mapping[type[Event], Mapping[str, type[Model]]]] = {
    RequestReceived: {"rating": RequestForRating, "notify": RequestForNotify, "desk": RequestForDesk},
    ResumeLinkAsked: {"notify": ResumeLinkForNotify},
    QuoteOffered: {"desk": QuoteForDesk, "notify": QuoteForNotify},
    QuoteReferred: {"desk": QuoteForDesk},
    QuoteDecided: {"rating": DecisionForRating},
}
"""The model of what is inside, by event and reader."""
