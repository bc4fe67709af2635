"""A tariff as plain lookups: whatever can be decided once is decided at load, so that a price is a few look-ups.

Everything here is exact. Factors are `Decimal` with at most six decimals; between two points of a curve the value
is found in whole millionths, half up, so no digit depends on a context or on a binary fraction.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shared.products.tariff.questions import Known

MILLION = 1_000_000

Worth = Mapping[str | int, int]
"""Choices and the millionths that they are worth."""


@dataclass(frozen=True, slots=True)
class Exact:
    """One row per choice."""

    name: str
    reads: str
    rows: Mapping[str | int, Decimal]
    outside: str

    def find(self, known: Known) -> Decimal | None:
        """The figure of the row, or nothing when there is no row: never a neighbour's."""
        answer = known.get(self.reads)
        return self.rows.get(answer) if isinstance(answer, str | int) else None


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
    reads: str
    curve: Curve
    outside: str

    def find(self, known: Known) -> Decimal | None:
        """The figure on the curve, or nothing outside it: a tariff is never extrapolated."""
        answer = known.get(self.reads)
        return self.curve.at(answer) if isinstance(answer, int) else None


Table = Exact | Interpolated


@dataclass(frozen=True, slots=True)
class Score:
    """How much of what is asked is in place, 0 to 1, and the discount that it earns (a minus is a loading)."""

    items: tuple[tuple[int, tuple[tuple[str, Worth], ...]], ...]
    """Weight, then for each question that may earn it: its key, and the millionths that a choice is worth."""
    total: int
    discount: Curve

    def of(self, known: Known) -> Decimal:
        """The score, to the nearest millionth. A question that was not asked earns nothing."""
        return from_millionths(self._millionths(known))

    def earns(self, known: Known) -> Decimal:
        """The discount at that score."""
        found = self.discount.at(self._millionths(known))
        if found is None:  # the load check holds the curve to 0..1, and no score is outside that
            raise AssertionError("a score outside its curve")
        return found

    def _millionths(self, known: Known) -> int:
        earned = sum(weight * max(_credit(known.get(key), worth) for key, worth in by) for weight, by in self.items)
        return nearest(earned, self.total)


def _credit(answer: object, worth: Worth) -> int:
    if isinstance(answer, list):
        return min(MILLION, sum(worth[choice] for choice in answer))
    return worth[answer] if isinstance(answer, str | int) else 0


@dataclass(frozen=True, slots=True)
class Certificates:
    """What each certification held takes off, up to a cap."""

    reads: str
    rows: Mapping[str, Decimal]
    cap: Decimal

    def earns(self, known: Known) -> Decimal:
        """The discounts of all that are held, at most the cap."""
        held = known.get(self.reads)
        return min(self.cap, sum((self.rows[one] for one in held), Decimal())) if isinstance(held, list) else Decimal()


def nearest(numerator: int, denominator: int) -> int:
    """The whole number nearest to the quotient, half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def from_millionths(count: int) -> Decimal:
    """Exact in any context that keeps as many digits as *count* has."""
    return Decimal(count).scaleb(-6)


def millionths(figure: Decimal) -> int:
    """Exact for a figure with at most six decimals; the load check lets no other in."""
    return int(figure.scaleb(6))
