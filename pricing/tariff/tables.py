"""A tariff as plain lookups: whatever can be decided once is decided at load, so that a price is a few look-ups.

Everything here is exact. Factors are `Decimal` with at most six decimals; between two points of a curve the value
is found in whole millionths, half up, so no digit depends on a context or on a binary fraction.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pricing.tariff.questions import Answer, Known

MILLION = 1_000_000

Worth = Mapping[str | int, int]
"""Choices and the millionths that they are worth."""


@dataclass(frozen=True, slots=True)
class Exact:
    """One row per choice."""

    name: str
    reads: tuple[str]
    rows: Mapping[str | int, Decimal]
    outside: str

    def find(self, known: Known) -> Decimal | None:
        """The figure of the row, or nothing when there is no row: never a neighbour's."""
        return self.rows.get(known.get(self.reads[0]))  # type: ignore[arg-type]  # ticks are refused at load

    def cell(self, known: Known) -> str:
        """Where in the file the figure stands."""
        return f"{self.name}[{known[self.reads[0]]}]"


@dataclass(frozen=True, slots=True)
class Crossed:
    """One row per choice of one question, one column per choice of another."""

    name: str
    reads: tuple[str, str]
    rows: Mapping[tuple[str | int, str | int], Decimal]
    outside: str

    def find(self, known: Known) -> Decimal | None:
        """The figure where row and column cross, or nothing when that place is empty."""
        down, across = self.reads
        return self.rows.get((known.get(down), known.get(across)))  # type: ignore[arg-type]  # as above

    def cell(self, known: Known) -> str:
        """Where in the file the figure stands."""
        down, across = self.reads
        return f"{self.name}[{known[down]}][{known[across]}]"


@dataclass(frozen=True, slots=True)
class Banded:
    """One figure from each number on, up to the next one. Below the first there is none."""

    name: str
    reads: tuple[str]
    starts: tuple[int, ...]
    values: tuple[Decimal, ...]
    outside: str

    def find(self, known: Known) -> Decimal | None:
        """The figure of the band that holds the answer."""
        band = self._band(known)
        return None if band is None else self.values[band]

    def cell(self, known: Known) -> str:
        """Where in the file the figure stands."""
        band = self._band(known)
        return "" if band is None else f"{self.name}[{self.starts[band]}..]"

    def _band(self, known: Known) -> int | None:
        answer = known.get(self.reads[0])
        band = bisect_right(self.starts, answer) - 1 if isinstance(answer, int) else -1
        return band if band >= 0 else None


@dataclass(frozen=True, slots=True)
class Curve:
    """Straight lines between points, in millionths. It ends where its first and last points are."""

    points: tuple[int, ...]
    values: tuple[int, ...]

    def at(self, x: int) -> Decimal | None:
        """The value at *x* to the nearest millionth, half up; nothing outside the points."""
        if not self.points[0] <= x <= self.points[-1]:
            return None
        right = min(bisect_right(self.points, x), len(self.points) - 1)
        x0, x1 = self.points[right - 1 : right + 1]
        y0, y1 = self.values[right - 1 : right + 1]
        return from_millionths(y0 + nearest((y1 - y0) * (x - x0), x1 - x0))


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A curve over a numeric answer."""

    name: str
    reads: tuple[str]
    curve: Curve
    outside: str

    def find(self, known: Known) -> Decimal | None:
        """The figure on the curve, or nothing outside it: a tariff is never extrapolated."""
        answer = known.get(self.reads[0])
        return self.curve.at(answer) if isinstance(answer, int) else None

    def cell(self, known: Known) -> str:
        """Between which two points of the file the figure lies."""
        answer = known[self.reads[0]]
        points = self.curve.points
        right = min(bisect_right(points, answer), len(points) - 1) if isinstance(answer, int) else 1
        return f"{self.name}[{points[right - 1]}..{points[right]}]"


Table = Exact | Crossed | Banded | Interpolated


@dataclass(frozen=True, slots=True)
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

    def in_place(self, known: Known, exclusive: str | None) -> Known | None:
        """The answers as they would be with this control in place; None where it is, or where it is not asked."""
        key, worth = self.by[0]
        answer = known.get(key)
        if answer is None or self.earned(known) == self.weight * MILLION:
            return None
        best = max(worth, key=lambda choice: worth[choice])
        return {**known, key: [*_without(answer, exclusive), str(best)] if isinstance(answer, list) else best}


def _without(held: list[str], exclusive: str | None) -> list[str]:
    return [one for one in held if one != exclusive]


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
        found = self.discount.at(score)
        if found is None:  # the load check holds the curve to 0..1, and no score is outside that
            raise AssertionError("a score outside its curve")
        return found

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
        """Items with one question of one answer, their weights worked in: nearly all, and so the quick way."""
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


@dataclass(frozen=True, slots=True)
class Certificates:
    """What each certification held takes off, up to a cap, and what we advise who does not hold it."""

    reads: str
    rows: Mapping[str, Decimal]
    advice: Mapping[str, str]
    cap: Decimal

    def earns(self, known: Known) -> Decimal:
        """The discounts of all that are held, at most the cap."""
        held = known.get(self.reads)
        return min(self.cap, sum((self.rows[one] for one in held), Decimal())) if isinstance(held, list) else Decimal()

    def held(self, one: str, known: Known, exclusive: str | None) -> Known | None:
        """The answers as they would be with *one* held too; None where it is."""
        held = known.get(self.reads)
        if not isinstance(held, list) or one in held:
            return None
        return {**known, self.reads: [*_without(held, exclusive), one]}


def nearest(numerator: int, denominator: int) -> int:
    """The whole number nearest to the quotient, half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def from_millionths(count: int) -> Decimal:
    """Exact in any context that keeps as many digits as *count* has."""
    return Decimal(count).scaleb(-6)


def millionths(figure: Decimal) -> int:
    """Exact for a figure with at most six decimals; the load check lets no other in."""
    return int(figure.scaleb(6))
