"""The steps of a tariff for columns: what `Step.factor` and `Adjustment.factor` find for one request, for all.

Where an answer is chosen from a list, the step itself is asked once for every choice. Only numbers and scores are
worked out here, in whole millionths and by the same half-up rule as `Curve.at` and `Score`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from pricing.actuary.impact.batch.adjustments import BatchAdjustment
from pricing.actuary.impact.batch.amounts import bound_in_millionths, fits
from pricing.actuary.impact.batch.answers import BatchAnswers
from pricing.actuary.impact.batch.arrays import IntArray
from pricing.actuary.impact.batch.curves import BatchBands, BatchCurve
from pricing.tariff import Adjustment, Asked, Banded, Interpolated, Step
from pricing.tariff.tables import millionths
from shared.errors import Invalid

NO_ROW: Final = -1


class Lookup(Protocol):
    """Factors in millionths for a whole book."""

    @property
    def most(self) -> int:
        """The largest factor that there can be, in millionths."""
        ...

    def find(self, answers: BatchAnswers) -> IntArray:
        """The factors, and `NO_ROW` where the tariff has none."""
        ...


def lookup_of(step: Step | Adjustment, questions: Mapping[str, Asked]) -> Lookup:
    """*step*, prepared for columns. Raises `Invalid` where its figures leave what whole numbers hold."""
    if isinstance(step, Adjustment):
        return BatchAdjustment.of(step, questions)
    if any(questions[key].kind == "thousand_yen" for key in step.reads):
        return NumberLookup.of(step)
    return ChoiceLookup.of(step, questions)


@dataclass(frozen=True, slots=True)
class ChoiceLookup:
    """A factor for each choice, or for each pair of choices."""

    keys: tuple[str, ...]
    rows: IntArray
    most: int

    @classmethod
    def of(cls, step: Step, questions: Mapping[str, Asked]) -> "ChoiceLookup":
        """Every choice looked up once, by the step itself. Raises `Invalid`."""
        keys = step.table.reads
        # Two positions more than there are choices: for no answer, and for one that the form does not offer.
        rows = np.full([len(questions[key].choices) + 2 for key in keys], NO_ROW, dtype=np.int64)
        for positions in np.ndindex(*(len(questions[key].choices) for key in keys)):
            known = {key: list(questions[key].choices)[at] for key, at in zip(keys, positions, strict=True)}
            factor = step.factor(known)
            rows[positions] = NO_ROW if factor is None else fits(millionths(factor))
        return cls(keys, rows, max(int(rows.max()), 0))

    def find(self, answers: BatchAnswers) -> IntArray:
        """See `Lookup`."""
        return self.rows[tuple(answers.known(key) for key in self.keys)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLookup:
    """A factor by a number, held between the step's bounds."""

    key: str
    figures: BatchCurve | BatchBands
    cap: int | None
    floor: int | None
    most: int

    @classmethod
    def of(cls, step: Step) -> "NumberLookup":
        """See `lookup_of`."""
        table = step.table
        figures: BatchCurve | BatchBands
        match table:
            case Interpolated():
                figures = BatchCurve.of(table.curve)
            case Banded():
                figures = BatchBands.of(table)
            case _:
                raise Invalid(f"{table.name} は一括計算できない表です。")
        cap, floor = bound_in_millionths(step.cap), bound_in_millionths(step.floor)
        most = fits(max(int(figures.values.max()), cap or 0, floor or 0))
        return cls(key=table.reads[0], figures=figures, cap=cap, floor=floor, most=most)

    def find(self, answers: BatchAnswers) -> IntArray:
        """See `Lookup`."""
        numbers = answers.known(self.key).astype(np.int64, copy=False)
        has_row = self.figures.holds(numbers)
        factors = self.figures.at(np.where(has_row, numbers, self.figures.first))
        over = None if self.cap is None else factors > self.cap
        if self.floor is not None:
            factors = np.maximum(factors, self.floor)
        if over is not None:
            # Last, for the cap wins where the two cross.
            factors = np.where(over, np.int64(self.cap or 0), factors)
        return np.where(has_row, factors, NO_ROW)
