"""What rating says: one request was priced, or it needs a person."""

from datetime import date
from typing import ClassVar

from shared.events.base import QUOTES, Event, Model, Moment, Parcel


class TariffRef(Model):
    """Which table made the price: its effective date and the SHA-256 of its file."""

    id: str
    sha256: str


class Option(Model):
    """One cover with its yearly premium. All money in whole 円."""

    plan: str
    liability_limit: int
    cost_limit: int
    liability_deductible: int
    cost_deductible: int
    riders: tuple[str, ...]
    premium: int
    chosen: bool


class Quote(Event):
    """What both outcomes say. The desk's parcel holds `workings` and `reasons`, which no topic may show."""

    topic: ClassVar = QUOTES

    quote_id: str
    reception_no: str
    product: str
    revision: int
    tariff: TariffRef
    engine: str
    issued_at: Moment
    parcels: dict[str, Parcel]


class QuoteOffered(Quote):
    """A price, and until when it holds. Exactly one option is the chosen one."""

    type: ClassVar = "mitsumori.quote.offered.v1"

    expires_on: date
    currency: str = "JPY"
    options: tuple[Option, ...]


class QuoteReferred(Quote):
    """No price: licensed staff must answer. Why is in the desk's parcel."""

    type: ClassVar = "mitsumori.quote.referred.v1"
