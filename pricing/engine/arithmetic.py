"""How a premium is computed: bases times factors, added up, not below the minimum, rounded once, at the end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.engine.money import round_half_up
from pricing.engine.result import Working
from pricing.tariff import Adjustment, Known, Part, Step, Tariff


@dataclass(frozen=True, slots=True)
class Figure:
    """A step of a part, with the factor that the answers give it; None where the tariff has none."""

    part: Part
    step: Step | Adjustment
    factor: Decimal | None


def figures_of(parts: Iterable[Part], known: Known) -> list[Figure]:
    """Every step of *parts*, in the tariff's order."""
    return [Figure(part, step, step.factor(known)) for part in parts for step in part.steps]


def total_of(figures: Iterable[Figure]) -> Decimal | None:
    """The sum of the parts, neither bounded nor rounded; None when a figure is missing."""
    amounts: dict[str, Decimal] = {}
    for figure in figures:
        if figure.factor is None:
            return None
        label = figure.part.label
        amounts[label] = amounts[label] * figure.factor if label in amounts else figure.factor
    return sum(amounts.values(), Decimal())


def rounded(total: Decimal, tariff: Tariff) -> int:
    """The premium in whole 円, never below the minimum."""
    return round_half_up(max(total, tariff.minimum_premium_yen), tariff.round_to_yen)


def may_be_offered(premium_yen: int, known: Known, tariff: Tariff) -> bool:
    """Whether the agency may offer it without asking the insurer."""
    most = tariff.authority.find(known)
    return most is not None and premium_yen <= most


def workings_of(figures: Sequence[Figure], known: Known, tariff: Tariff) -> Iterator[Working]:
    """Each part from its base through its factors, then their sum, the bound and the one rounding."""
    amounts: dict[str, Decimal] = {}
    for figure in figures:
        factor, step = figure.factor or Decimal(), figure.step
        label = figure.part.label
        started = label in amounts
        amounts[label] = amount = amounts[label] * factor if started else factor
        basis = step.input(known, tariff.questions)
        yield Working(step.label, basis, factor if started else None, amount, step.source(known))
    total = sum(amounts.values(), Decimal())
    if len(amounts) > 1:
        yield Working("合計", "+".join(amounts), None, total, "")
    if total < tariff.minimum_premium_yen:
        yield Working("最低保険料の適用", "", None, tariff.minimum_premium_yen, "minimum_premium_yen")
    # Round once, at the end: rounding every step drifts by tens of 円 on a long tariff.
    premium = Decimal(rounded(total, tariff))
    yield Working(f"{tariff.round_to_yen}円単位に四捨五入", "", None, premium, "round_to_yen")


@dataclass(frozen=True, slots=True)
class Rest:
    """What of a total stays the same while some steps vary: a product for each part, and the steps that vary."""

    parts: tuple[tuple[Decimal, tuple[Step | Adjustment, ...]], ...]

    def total(self, known: Known) -> Decimal | None:
        """The total for *known*; None when a figure is missing."""
        total = Decimal()
        for amount, steps in self.parts:
            for step in steps:
                factor = step.factor(known)
                if factor is None:
                    return None
                amount *= factor  # noqa: PLW2901  the running amount of this part
            total += amount
        return total


def rest_of(figures: Iterable[Figure], varying: Iterable[Step | Adjustment]) -> Rest:
    """The rest beside the *varying* steps. Every other figure must have its factor."""
    parts: dict[str, tuple[Decimal, tuple[Step | Adjustment, ...]]] = {}
    vary = {id(step) for step in varying}
    for figure in figures:
        amount, steps = parts.get(figure.part.label, (Decimal(1), ()))
        if id(figure.step) in vary:
            parts[figure.part.label] = amount, (*steps, figure.step)
        else:
            parts[figure.part.label] = amount * (figure.factor or Decimal()), steps
    return Rest(tuple(parts.values()))
