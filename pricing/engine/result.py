"""What becomes of a request: an offer, or a referral to a person. Either is a value; neither is an error.

The options, changes and grids of an offer are those of the published language (`shared.events`): the customer, the
desk and the record of the quote get exactly what the engine has computed.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

from pricing.engine.money import EXACT
from shared.events import Change, Grid, Option

ENGINE = "1.1.0"
"""The version of the arithmetic in this folder: a change that can alter a single yen needs a new one."""

Kind = Literal["chosen", "nearest", "lighter", "fuller"]
"""How an option relates to what was asked for, see `Option`."""


class Working(NamedTuple):
    """One step of a price: what it depends on, its factor (none for a sum or a bound), the amount after it."""

    label: str
    input: str
    factor: Decimal | None
    amount: Decimal
    source: str
    """The cell of the tariff that holds the factor."""

    def as_text(self) -> dict[str, str]:
        """Every figure as text, to the last digit."""
        return {
            "label": self.label,
            "input": self.input,
            "factor": "" if self.factor is None else _digits(self.factor),
            "amount": _digits(self.amount),
            "source": self.source,
        }


def _digits(figure: Decimal) -> str:
    return f"{EXACT.normalize(figure):f}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person must answer: a word for machines and a sentence for the desk."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What the premium would be with one more control in place: `key` is its question, `saves` in 円 a year.

    `choice`: the certification, among those that the question asks for; empty for any other control.
    """

    key: str
    advice: str
    premium: int
    saves: int
    choice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A price. The first option heads the quote; the `workings` are its own, in order. Largest saving first."""

    options: tuple[Option, ...]
    workings: tuple[Working, ...]
    changes: tuple[Change, ...] = ()
    grids: tuple[Grid, ...] = ()
    savings: tuple[Saving, ...] = ()

    @property
    def head(self) -> Option:
        """What was asked for, or the nearest to it that can be had."""
        return self.options[0]

    @property
    def premium_yen(self) -> int:
        """What the head option costs in a year."""
        return self.head.premium


@dataclass(frozen=True, slots=True)
class Referred:
    """No price, and every reason for it: at least one."""

    reasons: tuple[Reason, ...]


Result = Offered | Referred
