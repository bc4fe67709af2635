"""The tables of a tariff as plain lookups: what can be decided once is decided when the file is loaded.

Everything here is exact. Factors are `Decimal` with at most six decimals; between two points of a curve the value
is found in whole millionths, half up, so no digit depends on a decimal context or on a binary fraction.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pricing.tariff.questions import Known

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """One row per choice."""

    name: str
    reads: tuple[str]
    rows: Mapping[str | int, Decimal]
    outside: str

    def find(self, known: Known) -> Decimal | None:
        """The figure of the row; None when there is no row, never a neighbour's."""
        return self.rows.get(known.get(self.reads[0]))  # type: ignore[arg-type]  # ticks are refused at load

    def cell(self, known: Known) -> str:
        """Where the figure is in the file."""
        return f"{self.name}[{known[self.reads[0]]}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """One row per choice of one question, one column per choice of another."""

    name: str
    reads: tuple[str, str]
    rows: Mapping[tuple[str | int, str | int], Decimal]
    outside: str

    def find(self, known: Known) -> Decimal | None:
        """The figure where row and column cross; None when that place is empty."""
        down, across = self.reads
        return self.rows.get((known.get(down), known.get(across)))  # type: ignore[arg-type]  # as above

    def cell(self, known: Known) -> str:
        """Where the figure is in the file."""
        down, across = self.reads
        return f"{self.name}[{known[down]}][{known[across]}]"


@dataclass(frozen=True, slots=True, kw_only=True)
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
        """Where the figure is in the file."""
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
        """The value at *x* to the nearest millionth, half up; None outside the points."""
        if not self.points[0] <= x <= self.points[-1]:
            return None
        right = min(bisect_right(self.points, x), len(self.points) - 1)
        x0, x1 = self.points[right - 1 : right + 1]
        y0, y1 = self.values[right - 1 : right + 1]
        return from_millionths(y0 + nearest((y1 - y0) * (x - x0), x1 - x0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpolated:
    """A curve over a numeric answer."""

    name: str
    reads: tuple[str]
    curve: Curve
    outside: str

    def find(self, known: Known) -> Decimal | None:
        """The figure on the curve; None outside it: a tariff is never extrapolated."""
        answer = known.get(self.reads[0])
        return self.curve.at(answer) if isinstance(answer, int) else None

    def cell(self, known: Known) -> str:
        """Between which two points of the file the figure lies."""
        answer = known[self.reads[0]]
        points = self.curve.points
        right = min(bisect_right(points, answer), len(points) - 1) if isinstance(answer, int) else 1
        return f"{self.name}[{points[right - 1]}..{points[right]}]"


Table = Exact | Crossed | Banded | Interpolated


def nearest(numerator: int, denominator: int) -> int:
    """The whole number nearest to the quotient, half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def from_millionths(count: int) -> Decimal:
    """Exact in any context that keeps as many digits as *count* has."""
    return Decimal(count).scaleb(-6)


def millionths(figure: Decimal) -> int:
    """Exact for a figure with at most six decimals; others are refused when the file is loaded."""
    return int(figure.scaleb(6))
