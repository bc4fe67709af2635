"""Discounts for controls and certifications: what the answers earn, what would earn more, and what we advise."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pricing.tariff.questions import Answer, Known
from pricing.tariff.tables import MILLION, Curve, from_millionths, millionths, nearest

Worth = Mapping[str | int, int]
"""Choices and the millionths that they are worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A control: its weight, the questions that may earn it (the better one counts), and what we advise."""

    weight: int
    by: tuple[tuple[str, Worth], ...]
    ticks: bool
    """Whether its answer is a list of ticks, whose worths add up."""
    advice: str

    def earned(self, known: Known) -> int:
        """Weight times millionths. A question that was not asked earns nothing."""
        return self.weight * max(_credit(known.get(key), worth) for key, worth in self.by)

    def lacking(self, known: Known) -> tuple[str, ...]:
        """Its questions that were answered; none of them where the control earns all that it can."""
        if self.earned(known) == self.weight * MILLION:
            return ()
        return tuple(key for key, _ in self.by if key in known)

    def in_place(self, known: Known, exclusive: str | None) -> Known | None:
        """The answers as they would be with this control in place; None where it is, or where it is not asked."""
        key, worth = self.by[0]
        answer = known.get(key)
        if answer is None or self.earned(known) == self.weight * MILLION:
            return None
        best = max(worth, key=lambda choice: worth[choice])
        return {**known, key: [*_without(answer, exclusive), str(best)] if isinstance(answer, list) else best}


def _without(held: list[str], exclusive: str | None) -> list[str]:
    return [choice for choice in held if choice != exclusive]


@dataclass(frozen=True)
class Score:
    """How much of what is asked is in place, 0 to 1, and the discount that it earns (a minus is a loading)."""

    items: tuple[Item, ...]
    discount: Curve

    def of(self, known: Known) -> Decimal:
        """The score, to the nearest millionth."""
        return from_millionths(self._millionths(known))

    def earns(self, known: Known) -> Decimal:
        """The discount for the answers."""
        return self._at(self._millionths(known))

    def earns_at(self, score: Decimal) -> Decimal:
        """The discount at *score*, 0 to 1."""
        return self._at(millionths(score))

    def _at(self, score: int) -> Decimal:
        discount = self.discount.at(score)
        if discount is None:  # the curve runs from 0 to 1 (checked at load), and no score is outside that
            raise AssertionError("a score outside its curve")
        return discount

    def _millionths(self, known: Known) -> int:
        earned = sum(item.earned(known) for item in self._others)
        for key, worth in self._plain:
            answer = known.get(key)
            if answer is not None:
                earned += worth[answer]  # type: ignore[index]  # ticks are among the others
        return nearest(earned, self._total)

    @cached_property
    def _total(self) -> int:
        return sum(item.weight for item in self.items)

    @cached_property
    def _plain(self) -> tuple[tuple[str, Worth], ...]:
        """Items with one question of one answer, multiplied by their weights: most items, and fast to add."""
        return tuple(
            (item.by[0][0], {choice: item.weight * worth for choice, worth in item.by[0][1].items()})
            for item in self.items
            if item not in self._others
        )

    @cached_property
    def _others(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if len(item.by) > 1 or item.ticks)


def _credit(answer: Answer | None, worth: Worth) -> int:
    if isinstance(answer, list):
        return min(MILLION, sum(worth[choice] for choice in answer))
    return 0 if answer is None else worth[answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """The discount for each certification held, up to a cap, and what we advise to those who do not hold it."""

    reads: str
    rows: Mapping[str, Decimal]
    advice: Mapping[str, str]
    cap: Decimal

    def earns(self, known: Known) -> Decimal:
        """The discounts of all that are held, at most the cap."""
        held = known.get(self.reads)
        if not isinstance(held, list):
            return Decimal()
        return min(self.cap, sum((self.rows[certificate] for certificate in held), Decimal()))

    def with_one_more(self, certificate: str, known: Known, exclusive: str | None) -> Known | None:
        """The answers as they would be with *certificate* held too; None where it is held."""
        held = known.get(self.reads)
        if not isinstance(held, list) or certificate in held:
            return None
        return {**known, self.reads: [*_without(held, exclusive), certificate]}
