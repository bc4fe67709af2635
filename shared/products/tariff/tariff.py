"""The tariff itself: parts made of steps, the rules that ask for a person, and the bounds of a premium."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.products.tariff.questions import Asked, Known
from shared.products.tariff.tables import Certificates, Score, Table


@dataclass(frozen=True, slots=True)
class Step:
    """One figure, read from a table with the answer to one question."""

    label: str
    table: Table

    @property
    def reads(self) -> frozenset[str]:
        """The questions whose answers move this step."""
        return frozenset({self.table.reads})

    def factor(self, known: Known) -> Decimal | None:
        """None when the table has no row for the answer."""
        return self.table.find(known)

    def input(self, known: Known, questions: Mapping[str, Asked]) -> str:
        """What the factor follows from, for the workings."""
        return questions[self.table.reads].words(known[self.table.reads])


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Discounts for controls and certifications: 1 - their sum, and that sum is at most the cap.

    A loading is bounded by the score's worst value. One figure for all answers, so that no working tells a single one.
    """

    label: str
    score: Score
    certificates: Certificates | None
    cap: Decimal

    @property
    def reads(self) -> frozenset[str]:
        """The questions whose answers move this adjustment."""
        scored = {key for _, by in self.score.items for key, _ in by}
        return frozenset(scored | ({self.certificates.reads} if self.certificates else set()))

    def factor(self, known: Known) -> Decimal | None:
        """Never below 1 - cap."""
        certified = self.certificates.earns(known) if self.certificates else Decimal()
        return 1 - min(self.cap, self.score.earns(known) + certified)

    def input(self, known: Known, _questions: Mapping[str, Asked]) -> str:
        """The score alone."""
        return f"評点 {self.score.of(known).normalize():f}"


@dataclass(frozen=True, slots=True)
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
    says: str

    def holds(self, known: Known) -> bool:
        """An answer that is not known breaks no rule; that it is missing is a reason by itself."""
        return all(known.get(key) in listed for key, listed in self.when.items())


@dataclass(frozen=True, slots=True)
class Tariff:
    """Prices from `effective` on. `sha256` is that of the file, and stands in every quote made with it."""

    id: str
    effective: date
    sha256: str
    questions: Mapping[str, Asked]
    """Those that the tariff reads, in the form's order."""
    always_reads: frozenset[str]
    """The questions that decide which rules hold and which parts apply."""
    parts: tuple[Part, ...]
    rules: tuple[Rule, ...]
    says: Mapping[str, str]
    minimum_premium_yen: Decimal
    round_to_yen: int
    authority_yen: Decimal
