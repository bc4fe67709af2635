"""The steps of a tariff for columns: what `Step.factor` and `Adjustment.factor` find for one request, for all.

Where an answer is chosen from a list, the step itself is asked once for every choice. Only numbers and scores are
worked out here, in whole millionths and by the same half-up rule as `Curve.at` and `Score`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import numpy as np

from pricing.actuary.impact.columns import ticked
from pricing.actuary.impact.limbs import Flags, Ints, fits
from pricing.actuary.impact.reading import Reading
from pricing.tariff import Adjustment, Asked, Banded, Certificates, Curve, Interpolated, Item, Score, Step
from pricing.tariff.score import Worth
from pricing.tariff.tables import MILLION, millionths
from shared.errors import Invalid

NO_ROW = -1


class Lookup(Protocol):
    """Factors in millionths for a whole book; `most` is the largest that there can be."""

    @property
    def most(self) -> int:
        """The largest factor, in millionths."""
        ...

    def find(self, reading: Reading) -> Ints:
        """The factors, and `NO_ROW` where the tariff has none."""
        ...


def lookup_of(step: Step | Adjustment, questions: Mapping[str, Asked]) -> Lookup:
    """*step*, prepared for columns. Raises `Invalid` where its figures leave what whole numbers hold."""
    if isinstance(step, Adjustment):
        return Adjusted.of(step, questions)
    if any(questions[key].kind == "thousand_yen" for key in step.reads):
        return Numbered.of(step)
    return Listed.of(step, questions)


@dataclass(frozen=True, slots=True)
class Listed:
    """A factor for each choice, or for each pair of choices."""

    keys: tuple[str, ...]
    rows: Ints
    most: int

    @classmethod
    def of(cls, step: Step, questions: Mapping[str, Asked]) -> "Listed":
        """Every choice looked up once, by the step itself."""
        keys = step.table.reads
        # Two places more than there are choices: no answer, and none of the form's.
        rows = np.full([len(questions[key].choices) + 2 for key in keys], NO_ROW, dtype=np.int64)
        for place in np.ndindex(*(len(questions[key].choices) for key in keys)):
            known = {key: list(questions[key].choices)[at] for key, at in zip(keys, place, strict=True)}
            found = step.factor(known)
            rows[place] = NO_ROW if found is None else fits(millionths(found))
        return cls(keys, rows, max(int(rows.max()), 0))

    def find(self, reading: Reading) -> Ints:
        """See `Lookup`."""
        return self.rows[tuple(reading.known(key) for key in self.keys)]


@dataclass(frozen=True, slots=True)
class Line:
    """`Curve` for columns."""

    points: Ints
    values: Ints

    @classmethod
    def of(cls, curve: Curve) -> "Line":
        """The same points. Raises `Invalid` where the way from one to the next is too far."""
        for at in range(1, len(curve.points)):
            run = curve.points[at] - curve.points[at - 1]
            fits(2 * run * (abs(curve.values[at] - curve.values[at - 1]) + 1))
        fits(max(map(abs, (*curve.points, *curve.values))))
        return cls(np.array(curve.points, dtype=np.int64), np.array(curve.values, dtype=np.int64))

    def at(self, x: Ints) -> Ints:
        """The values at *x*, all of it within the points."""
        right = np.minimum(np.searchsorted(self.points, x, side="right"), len(self.points) - 1)
        x0 = self.points[right - 1]
        y0 = self.values[right - 1]
        found: Ints = y0 + nearest((self.values[right] - y0) * (x - x0), self.points[right] - x0)
        return found

    def holds(self, x: Ints) -> Flags:
        """Where *x* is within the points."""
        held: Flags = (x >= self.points[0]) & (x <= self.points[-1])
        return held


@dataclass(frozen=True, slots=True)
class Bands:
    """`Banded` for columns."""

    starts: Ints
    values: Ints

    def at(self, x: Ints) -> Ints:
        """The figure of each band."""
        return self.values[np.searchsorted(self.starts, x, side="right") - 1]

    def holds(self, x: Ints) -> Flags:
        """Below the first band there is none."""
        held: Flags = x >= self.starts[0]
        return held


@dataclass(frozen=True, slots=True)
class Numbered:
    """A factor by a number, held between the step's bounds."""

    key: str
    run: Line | Bands
    cap: int | None
    floor: int | None
    most: int

    @classmethod
    def of(cls, step: Step) -> "Numbered":
        """See `lookup_of`."""
        table = step.table
        run: Line | Bands
        if isinstance(table, Interpolated):
            run = Line.of(table.curve)
        elif isinstance(table, Banded):
            figures = [fits(millionths(value)) for value in table.values]
            fits(max(map(abs, table.starts)))
            run = Bands(np.array(table.starts, dtype=np.int64), np.array(figures, dtype=np.int64))
        else:
            raise Invalid(f"{table.name} は一括計算できない表です。")
        cap, floor = _millionths(step.cap), _millionths(step.floor)
        return cls(table.reads[0], run, cap, floor, fits(max(int(run.values.max()), cap or 0, floor or 0)))

    def find(self, reading: Reading) -> Ints:
        """See `Lookup`."""
        numbers = reading.known(self.key).astype(np.int64, copy=False)
        held = self.run.holds(numbers)
        found = self.run.at(np.where(held, numbers, self.run_start))
        over = None if self.cap is None else found > self.cap
        if self.floor is not None:
            found = np.maximum(found, self.floor)
        if over is not None:
            # Last, for the cap wins where the two cross.
            found = np.where(over, np.int64(self.cap or 0), found)
        return np.where(held, found, NO_ROW)

    @property
    def run_start(self) -> np.int64:
        """A number that has a row, to stand where there is none."""
        first: np.int64 = self.run.points[0] if isinstance(self.run, Line) else self.run.starts[0]
        return first


@dataclass(frozen=True, slots=True)
class Credits:
    """What the answers to one question are worth, in millionths."""

    key: str
    ticks: bool
    worths: Ints

    @classmethod
    def of(cls, question: Asked, worth: Worth) -> "Credits":
        """One worth a choice, and none for no answer."""
        worths = [worth[choice] for choice in question.choices]
        if question.kind == "multi":
            return cls(question.key, ticks=True, worths=np.array(worths, dtype=np.int64))
        return cls(question.key, ticks=False, worths=np.array([*worths, 0, 0], dtype=np.int64))

    def of_all(self, reading: Reading) -> Ints:
        """What every request earns by it."""
        known = reading.known(self.key)
        if not self.ticks:
            return self.worths[known]
        return np.minimum(_ticked_worth(known.astype(np.int64, copy=False), self.worths), MILLION)


@dataclass(frozen=True, slots=True)
class Scored:
    """`Score` for columns."""

    items: tuple[tuple[int, tuple[Credits, ...]], ...]
    total: int
    line: Line

    @classmethod
    def of(cls, score: Score, questions: Mapping[str, Asked]) -> "Scored":
        """See `lookup_of`."""
        items = tuple((item.weight, _credits(item, questions)) for item in score.items)
        total = sum(weight for weight, _ in items)
        fits(2 * total * MILLION + total)
        return cls(items, total, Line.of(score.discount))

    def earns(self, reading: Reading) -> Ints:
        """The discounts for the answers."""
        earned = np.zeros(reading.rows, dtype=np.int64)
        for weight, (first, *others) in self.items:
            best = first.of_all(reading)
            for other in others:
                best = np.maximum(best, other.of_all(reading))
            earned += weight * best
        return self.line.at(nearest(earned, self.total))


@dataclass(frozen=True, slots=True)
class Certified:
    """`Certificates` for columns."""

    key: str
    shares: Ints
    cap: int

    @classmethod
    def of(cls, held: Certificates, questions: Mapping[str, Asked]) -> "Certified":
        """See `lookup_of`."""
        shares = [millionths(held.rows[str(one)]) for one in questions[held.reads].choices]
        return cls(held.reads, np.array(shares, dtype=np.int64), millionths(held.cap))

    def earns(self, reading: Reading) -> Ints:
        """The discounts of all that are held, at most the cap."""
        known = reading.known(self.key).astype(np.int64, copy=False)
        return np.minimum(_ticked_worth(known, self.shares), self.cap)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """`Adjustment` for columns."""

    score: Scored
    certificates: Certified | None
    cap: int | None
    most: int

    @classmethod
    def of(cls, adjustment: Adjustment, questions: Mapping[str, Asked]) -> "Adjusted":
        """See `lookup_of`."""
        held = adjustment.certificates
        score = Scored.of(adjustment.score, questions)
        return cls(
            score,
            Certified.of(held, questions) if held else None,
            _millionths(adjustment.cap),
            fits(MILLION - min(0, int(score.line.values.min()))),
        )

    def find(self, reading: Reading) -> Ints:
        """See `Lookup`. A question without an answer earns nothing: whether that is enough is asked elsewhere."""
        discount = self.score.earns(reading)
        if self.certificates is not None:
            discount += self.certificates.earns(reading)
        return MILLION - (discount if self.cap is None else np.minimum(discount, self.cap))


def nearest(numerator: Ints, denominator: Ints | int) -> Ints:
    """The whole numbers nearest to the quotients, half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def _credits(item: Item, questions: Mapping[str, Asked]) -> tuple[Credits, ...]:
    return tuple(Credits.of(questions[key], worth) for key, worth in item.by)


def _ticked_worth(masks: Ints, worths: Ints) -> Ints:
    """The sum of what is ticked; nothing where there is no answer."""
    held = np.maximum(masks, 0)
    found = np.zeros_like(held)
    for place, worth in enumerate(worths):
        if worth:
            found += ticked(held, place) * worth
    return found


def _millionths(figure: Decimal | None) -> int | None:
    return None if figure is None else fits(millionths(figure))
