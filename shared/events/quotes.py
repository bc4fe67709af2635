"""What rating publishes: one request was priced, or it needs a person.

The engine builds options, changes and grids itself, by the thousand: they are plain dataclasses, which pydantic reads
and writes inside an event as it does its own models.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from shared.events.base import QUOTES, Event, Model, Moment, Parcel


class TariffRef(Model):
    """Which table made the price: its effective date and the SHA-256 of its file."""

    id: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One cover with its yearly premium. All money in whole 円.

    `kind`: `chosen` (what was asked for), `nearest` (offered because what was asked for cannot be had: see `changes`),
    `lighter` or `fuller` (recommended beside it).
    """

    plan: str
    liability_limit: int
    cost_limit: int
    liability_deductible: int
    cost_deductible: int
    riders: tuple[str, ...]
    premium: int
    chosen: bool
    kind: str = "chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that was asked for, what is offered instead, and by which rule of the tariff."""

    key: str
    requested: str | int
    offered: str | int
    rule: str
    says: str
    """Why, in Japanese, for the customer."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A yearly premium in 円, or the code of the note that says why there is none."""

    premium: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Why some cells have no premium, in Japanese."""

    code: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Premiums by two terms of the cover (`rows` and `columns` are their keys), everything else as in the quote."""

    rows: str
    columns: str
    row_values: tuple[int, ...]
    column_values: tuple[int, ...]
    cells: tuple[tuple[Cell, ...], ...]
    notes: tuple[Note, ...]


class Quote(Event):
    """What both outcomes have in common.

    Parcels: `desk` (`QuoteForDesk`) and, with an offer, `notify` (`QuoteForNotify`). What they hold depends on 告知
    answers, so no topic may show it.
    """

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
    """A price, and until when it holds. One option heads the quote: the chosen one or else the nearest.

    `basis`: `tariff`, or `manual` for a premium that staff set with a reason.
    """

    type: ClassVar = "mitsumori.quote.offered.v1"

    expires_on: date
    currency: str = "JPY"
    options: tuple[Option, ...]
    changes: tuple[Change, ...] = ()
    grids: tuple[Grid, ...] = ()
    basis: Literal["tariff", "manual"] = "tariff"

    @property
    def head(self) -> Option | None:
        """The option that heads the quote; None only in an event that should never have been sent."""
        return next((option for option in self.options if option.chosen or option.kind == "nearest"), None)


class QuoteReferred(Quote):
    """No price: licensed staff must answer. The reasons are in the desk's parcel."""

    type: ClassVar = "mitsumori.quote.referred.v1"
