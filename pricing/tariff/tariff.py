"""The tariff itself: parts made of steps, the rules that refer to a person, and the bounds of a premium."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pricing.tariff.questions import Asked, Known
from pricing.tariff.score import Certificates, Score
from pricing.tariff.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One figure, read from a table and kept within its bounds. `varies`: other options may use another row."""

    label: str
    table: Table
    varies: bool
    cap: Decimal | None = None
    floor: Decimal | None = None

    @property
    def reads(self) -> frozenset[str]:
        """The questions whose answers move this step."""
        return frozenset(self.table.reads)

    def factor(self, known: Known) -> Decimal | None:
        """None when the table has no row for the answer."""
        figure = self.table.find(known)
        if figure is None:
            return None
        if self.cap is not None and figure > self.cap:
            return self.cap
        return self.floor if self.floor is not None and figure < self.floor else figure

    def input(self, known: Known, questions: Mapping[str, Asked]) -> str:
        """What the factor depends on, for the workings."""
        return "・".join(questions[key].words(known[key]) for key in self.table.reads)

    def source(self, known: Known) -> str:
        """The cell of the tariff that holds the factor, and the bound that was applied."""
        figure, cell = self.table.find(known), self.table.cell(known)
        if figure is not None and self.cap is not None and figure > self.cap:
            return f"{cell} ≤ {self.cap}"
        if figure is not None and self.floor is not None and figure < self.floor:
            return f"{cell} ≥ {self.floor}"
        return cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Discounts for controls and certifications: 1 - their sum, and that sum is at most the cap.

    A loading is bounded by the score's worst value. It is one figure for all answers, so that no working reveals one.
    """

    name: str
    label: str
    score: Score
    certificates: Certificates | None
    cap: Decimal | None
    varies: bool = False

    @property
    def reads(self) -> frozenset[str]:
        """The questions whose answers move this adjustment."""
        scored = {key for item in self.score.items for key, _ in item.by}
        return frozenset(scored | ({self.certificates.reads} if self.certificates else set()))

    def factor(self, known: Known) -> Decimal | None:
        """Never below 1 - cap."""
        return self._reduced(self.score.earns(known) + self._certified(known))

    def factor_at(self, score: Decimal) -> Decimal:
        """The factor at *score* with no certification."""
        return self._reduced(self.score.earns_at(score))

    def input(self, known: Known, _questions: Mapping[str, Asked]) -> str:
        """The score, and what the certifications earn, but no single answer."""
        certified = self._certified(known)
        score = f"評点 {self.score.of(known).normalize():f}"
        return f"{score}、認証 -{certified * 100:.0f}%" if certified else score

    def source(self, _known: Known) -> str:
        """Where it is in the file."""
        return self.name

    def _certified(self, known: Known) -> Decimal:
        return self.certificates.earns(known) if self.certificates else Decimal()

    def _reduced(self, discount: Decimal) -> Decimal:
        return 1 - (discount if self.cap is None else min(self.cap, discount))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A cover with a price of its own: its first step is a base in 円, the others are factors on it."""

    label: str
    when: Mapping[str, str | int]
    steps: tuple[Step | Adjustment, ...]
    reads: frozenset[str]
    """The questions that this part cannot be priced without."""

    def applies(self, known: Known) -> bool:
        """Whether the answers ask for this cover."""
        return all(known.get(key) == value for key, value in self.when.items())


@dataclass(frozen=True, slots=True)
class Rule:
    """A case that a person must answer: every question in `when` has one of the answers listed for it."""

    code: str
    when: Mapping[str, frozenset[str | int]]
    message: str

    def holds(self, known: Known) -> bool:
        """A missing answer breaks no rule: it is a reason by itself."""
        return all(known.get(key) in listed for key, listed in self.when.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable(Rule):
    """A cover that nobody can have, and what is exchanged in it to make the nearest one that can be had."""

    instead: Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridPlan:
    """Which values of two terms a quote shows premiums for."""

    rows: str
    row_values: tuple[int, ...]
    columns: str
    column_values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    """What is offered besides the cover that was asked for: covers some choices up or down, and the grids."""

    lighter: Mapping[str, int]
    fuller: Mapping[str, int]
    grids: tuple[GridPlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Prices from `effective` on. `sha256` is that of the file, and is in every quote made with it.

    `text` is the file as it was read.
    """

    id: str
    effective: date
    sha256: str
    text: str = field(repr=False)
    form_version: str
    """Of the form that it was checked against."""
    valid_days: int
    questions: Mapping[str, Asked]
    """Those that the tariff reads, in the form's order."""
    always_reads: frozenset[str]
    """The questions that decide which rules and parts apply and what may be offered."""
    parts: tuple[Part, ...]
    rules: tuple[Rule, ...]
    unavailable: tuple[Unavailable, ...]
    alternatives: Alternatives
    messages: Mapping[str, str]
    """The engine's sentences, by code."""
    minimum_premium_yen: Decimal
    round_to_yen: int
    authority: Table
    """The most that may be offered without asking the insurer, in 円."""
