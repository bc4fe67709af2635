"""The tariff file's grammar: what an actuary may write, before anything is said about what it means.

Figures are strings: YAML reads a bare 0.936 as a binary fraction, and that fraction must never meet a premium.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt, model_validator

DECIMALS = 6
LARGEST = Decimal(10) ** 12


def _figure(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError("write the figure in quotes, so that it stays exact")  # noqa: TRY004  pydantic collects these
    try:
        figure = Decimal(value)
    except ArithmeticError:
        raise ValueError("not a figure") from None
    if not figure.is_finite() or abs(figure) >= LARGEST:
        raise ValueError("not a figure that a premium can be made of")
    if figure != round(figure, DECIMALS):
        raise ValueError(f"more than {DECIMALS} decimals")
    return figure


def _positive(figure: Decimal) -> Decimal:
    if figure <= 0:
        raise ValueError("must be above nought")
    return figure


def _not_negative(figure: Decimal) -> Decimal:
    if figure < 0:
        raise ValueError("must not be below nought")
    return figure


def _share(figure: Decimal) -> Decimal:
    if not 0 <= figure <= 1:
        raise ValueError("must be between 0 and 1")
    return figure


def _choice(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are no answers of the form")  # noqa: TRY004  pydantic collects these
    return value


Figure = Annotated[Decimal, BeforeValidator(_figure)]
Positive = Annotated[Figure, AfterValidator(_positive)]
Amount = Annotated[Figure, AfterValidator(_not_negative)]
Share = Annotated[Figure, AfterValidator(_share)]
Choice = Annotated[str | int, BeforeValidator(_choice)]
Runs = Literal["rising", "falling"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TableSheet(_Strict):
    """Rows by choice (`exact`), or points of a curve (`interpolated`)."""

    reads: str
    runs: Runs | None = None
    outside: str = "unknown-choice"
    exact: Annotated[dict[Choice, Amount], Field(min_length=1)] | None = None
    interpolated: Annotated[dict[int, Amount], Field(min_length=2)] | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> "TableSheet":
        if (self.exact is None) == (self.interpolated is None):
            raise ValueError("a table is either exact or interpolated")
        return self


class WeightSheet(_Strict):
    """How much a question weighs in a score, and the scale that its answer is worth."""

    weight: PositiveInt
    credit: str
    either: dict[str, str] = Field(default={}, alias="or")


class ScoreSheet(_Strict):
    """Weights by question, and the discount that the score earns."""

    weights: Annotated[dict[str, WeightSheet], Field(min_length=1)]
    discount: Annotated[dict[Share, Figure], Field(min_length=2)]


class CertificatesSheet(_Strict):
    """Discounts by certification."""

    reads: str
    discount: dict[str, Share]
    cap: Share


class AdjustmentSheet(_Strict):
    """Discounts that are added up and capped."""

    label: str
    score: ScoreSheet
    certificates: CertificatesSheet | None = None
    cap: Share


class StepSheet(_Strict):
    """A table with its label in the workings, or an adjustment."""

    table: str | None = None
    label: str = ""
    adjustment: str | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> "StepSheet":
        if (self.table is None) == (self.adjustment is None) or bool(self.table) != bool(self.label):
            raise ValueError("a step is either a table with a label or an adjustment")
        return self


class BaseSheet(_Strict):
    """The table that a part starts from."""

    table: str
    label: str


class PartSheet(_Strict):
    """A base and the steps on it."""

    label: str
    when: dict[str, Choice] = {}
    base: BaseSheet
    steps: list[StepSheet]


class RuleSheet(_Strict):
    """Answers that a person must look at."""

    when: Annotated[dict[str, Annotated[list[Choice], Field(min_length=1)]], Field(min_length=1)]
    says: str


class Sheet(_Strict):
    """The whole file."""

    tariff: Annotated[str, AfterValidator(lambda text: str(date.fromisoformat(text)))]
    minimum_premium_yen: Amount
    round_to_yen: PositiveInt
    authority_yen: Positive
    tables: dict[str, TableSheet]
    credits: dict[str, dict[Choice, Share]]
    adjustments: dict[str, AdjustmentSheet]
    parts: Annotated[list[PartSheet], Field(min_length=1)]
    rules: dict[str, RuleSheet]
    says: dict[str, str]
    neutral: dict[str, str]
