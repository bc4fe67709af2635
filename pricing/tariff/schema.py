"""The grammar of a tariff file: what an actuary may write. Whether it makes sense is checked afterwards."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveInt, model_validator

from pricing.tariff.figures import Amount, Choice, Figure, Positive, Share

Runs = Literal["rising", "falling"]
TableKind = Literal["exact", "crossed", "banded", "interpolated"]
TABLE_KINDS: Final = get_args(TableKind)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FollowsSchema(_Strict):
    """States that a table's figures are (x / one_at) ^ power, from one end to the other: lint checks that.

    `within`: how far the straight lines between two points may lie from the curve, as a share of it.
    """

    power: Positive
    one_at: PositiveInt
    start: Annotated[PositiveInt, Field(alias="from")]
    end: Annotated[PositiveInt, Field(alias="to")]
    within: Share | None = None


class TableSchema(_Strict):
    """Rows by choice (`exact`), by choices of two questions (`crossed`), or from a number on (`banded`), or a curve."""

    reads: str
    across: str | None = None
    runs: Runs | None = None
    outside: str = "unknown-choice"
    follows: FollowsSchema | None = None
    exact: Annotated[dict[Choice, Amount], Field(min_length=1)] | None = None
    crossed: Annotated[dict[Choice, dict[Choice, Amount]], Field(min_length=1)] | None = None
    banded: Annotated[dict[int, Amount], Field(min_length=1)] | None = None
    interpolated: Annotated[dict[int, Amount], Field(min_length=2)] | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> "TableSchema":
        if sum(getattr(self, kind) is not None for kind in TABLE_KINDS) != 1:
            raise ValueError("a table is one of exact, crossed, banded and interpolated")
        if (self.crossed is None) != (self.across is None):
            raise ValueError("a crossed table, and no other, reads a second question: across")
        return self

    @property
    def kind(self) -> TableKind:
        """Which of the four it is."""
        return next(kind for kind in TABLE_KINDS if getattr(self, kind) is not None)

    @property
    def keys(self) -> tuple[str, ...]:
        """The questions whose answers find a row."""
        return (self.reads,) if self.across is None else (self.reads, self.across)

    @property
    def rows(self) -> list[tuple[tuple[str | int, ...], Decimal]]:
        """Every row: what finds it, one value for each of `keys`, and its figure."""
        if self.crossed is not None:
            return [((down, across), figure) for down, row in self.crossed.items() for across, figure in row.items()]
        return [((value,), figure) for value, figure in (getattr(self, self.kind) or {}).items()]


class WeightSchema(_Strict):
    """How much a question weighs in a score, the scale that its answer is worth, and what we advise a customer."""

    weight: PositiveInt
    credit: str
    either: dict[str, str] = Field(default={}, alias="or")
    advice: Annotated[str, Field(min_length=1)]


class ScoreSchema(_Strict):
    """Weights by question, and the discount that the score earns: none at the neutral score."""

    neutral: Share
    weights: Annotated[dict[str, WeightSchema], Field(min_length=1)]
    discount: Annotated[dict[Share, Figure], Field(min_length=2)]


class CertificatesSchema(_Strict):
    """Discounts by certification, and what we advise a customer who does not hold it."""

    reads: str
    discount: dict[str, Share]
    advice: dict[str, Annotated[str, Field(min_length=1)]]
    cap: Share


class AdjustmentSchema(_Strict):
    """Discounts that are added up, and capped where a cap can bind."""

    label: str
    score: ScoreSchema
    certificates: CertificatesSchema | None = None
    cap: Share | None = None


class StepSchema(_Strict):
    """A table with its label in the workings, or an adjustment."""

    table: str | None = None
    label: str = ""
    cap: Positive | None = None
    floor: Positive | None = None
    adjustment: str | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> "StepSchema":
        if (self.table is None) == (self.adjustment is None) or bool(self.table) != bool(self.label):
            raise ValueError("a step is either a table with a label or an adjustment")
        if self.adjustment and (self.cap or self.floor):
            raise ValueError("an adjustment has a cap of its own")
        return self


class BaseSchema(_Strict):
    """The table that a part starts from."""

    table: str
    label: str


class PartSchema(_Strict):
    """A base and the steps on it."""

    label: str
    when: dict[str, Choice] = {}
    base: BaseSchema
    steps: list[StepSchema]


class RuleSchema(_Strict):
    """Answers that a person must look at."""

    when: Annotated[dict[str, Annotated[list[Choice], Field(min_length=1)]], Field(min_length=1)]
    says: str


class UnavailableSchema(RuleSchema):
    """Covers that nobody can have, and what in them is exchanged to make the nearest one that can be had."""

    instead: Annotated[dict[str, Choice], Field(min_length=1)]


class GridSchema(_Strict):
    """Which values of two terms a quote shows premiums for.

    Nine columns of eight digits fit side by side on the 見積書: these, and that of a cover which is none of them.
    """

    rows: str
    row_values: Annotated[list[int], Field(min_length=1)]
    columns: str
    column_values: Annotated[list[int], Field(min_length=1, max_length=8)]


class OfferSchema(_Strict):
    """What is offered besides the cover that was asked for. A move counts choices up or down the form's list."""

    lighter: Annotated[dict[str, int], Field(min_length=1)]
    fuller: Annotated[dict[str, int], Field(min_length=1)]
    grids: list[GridSchema]


class TariffSchema(_Strict):
    """The whole file."""

    tariff: Annotated[str, AfterValidator(lambda text: str(date.fromisoformat(text)))]
    valid_days: PositiveInt
    minimum_premium_yen: Amount
    round_to_yen: PositiveInt
    authority: str
    tables: dict[str, TableSchema]
    credits: dict[str, dict[Choice, Share]]
    adjustments: dict[str, AdjustmentSchema]
    parts: Annotated[list[PartSchema], Field(min_length=1)]
    rules: dict[str, RuleSchema]
    unavailable: dict[str, UnavailableSchema]
    offer: OfferSchema
    says: dict[str, str]
    neutral: dict[str, str]
