"""What becomes of a request: an offer, or a referral to a person. Either is a value; neither is an error."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid5

from services.rating.domain.money import EXACT

ENGINE = "1.0.0"
"""Of the arithmetic in this folder: a change that can move a single yen is a new version."""

FIRST = 1
"""The revision that answers the request itself."""

_IDS = UUID("4d0e8d3f-3a53-5c1d-9c6e-7f6f1f0b5b52")


@dataclass(frozen=True, slots=True)
class Working:
    """One step of a price: what it follows from, its factor (none for a sum or a bound), the amount after it."""

    label: str
    input: str
    factor: Decimal | None
    amount: Decimal

    def as_text(self) -> dict[str, str]:
        """Figures as strings, to the last digit."""
        factor = "" if self.factor is None else _digits(self.factor)
        return {"label": self.label, "input": self.input, "factor": factor, "amount": _digits(self.amount)}


def _digits(figure: Decimal) -> str:
    return f"{EXACT.normalize(figure):f}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person must answer: a word for machines and a sentence for the desk."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Option:
    """A cover and its yearly premium."""

    plan: str
    liability_limit: int
    cost_limit: int
    liability_deductible: int
    cost_deductible: int
    riders: tuple[str, ...]
    premium: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A price. `workings` are those of the chosen option, in order."""

    options: tuple[Option, ...]
    workings: tuple[Working, ...]

    @property
    def premium_yen(self) -> int:
        """What the chosen cover costs in a year."""
        return next(option.premium for option in self.options if option.chosen)


@dataclass(frozen=True, slots=True)
class Referred:
    """No price, and every reason for it: at least one."""

    reasons: tuple[Reason, ...]


Result = Offered | Referred


def document_id(request_id: str, revision: int) -> str:
    """One document per request and revision: the second writer finds the first one's."""
    return f"q:{request_id}:r{revision}"


def quote_id(request_id: str, revision: int) -> str:
    """Follows from the request, so two processes that price it at once name the same quote."""
    return str(uuid5(_IDS, document_id(request_id, revision)))
