"""Figures found by a number: straight lines between points, and bands."""

from dataclasses import dataclass

import numpy as np

from pricing.actuary.impact.batch.amounts import fits
from pricing.actuary.impact.batch.arrays import BoolArray, IntArray, nearest_each
from pricing.tariff import Banded, Curve
from pricing.tariff.tables import millionths


@dataclass(frozen=True, slots=True)
class BatchCurve:
    """`Curve` for columns."""

    points: IntArray
    values: IntArray

    @classmethod
    def of(cls, curve: Curve) -> "BatchCurve":
        """The same points. Raises `Invalid` where the distance from one to the next is too large."""
        for right in range(1, len(curve.points)):
            run = curve.points[right] - curve.points[right - 1]
            fits(2 * run * (abs(curve.values[right] - curve.values[right - 1]) + 1))
        fits(max(map(abs, (*curve.points, *curve.values))))
        return cls(np.array(curve.points, dtype=np.int64), np.array(curve.values, dtype=np.int64))

    @property
    def first(self) -> np.int64:
        """The smallest number that has a figure."""
        smallest: np.int64 = self.points[0]
        return smallest

    def at(self, x: IntArray) -> IntArray:
        """The values at *x*, all of it within the points."""
        right = np.minimum(np.searchsorted(self.points, x, side="right"), len(self.points) - 1)
        x0 = self.points[right - 1]
        y0 = self.values[right - 1]
        values: IntArray = y0 + nearest_each((self.values[right] - y0) * (x - x0), self.points[right] - x0)
        return values

    def holds(self, x: IntArray) -> BoolArray:
        """Where *x* is within the points."""
        within: BoolArray = (x >= self.points[0]) & (x <= self.points[-1])
        return within


@dataclass(frozen=True, slots=True)
class BatchBands:
    """`Banded` for columns."""

    starts: IntArray
    values: IntArray

    @classmethod
    def of(cls, table: Banded) -> "BatchBands":
        """The same bands. Raises `Invalid` where a number is too large."""
        values = [fits(millionths(value)) for value in table.values]
        fits(max(map(abs, table.starts)))
        return cls(np.array(table.starts, dtype=np.int64), np.array(values, dtype=np.int64))

    @property
    def first(self) -> np.int64:
        """The smallest number that has a figure."""
        smallest: np.int64 = self.starts[0]
        return smallest

    def at(self, x: IntArray) -> IntArray:
        """The figure of each band."""
        return self.values[np.searchsorted(self.starts, x, side="right") - 1]

    def holds(self, x: IntArray) -> BoolArray:
        """Where *x* is not below the first band."""
        within: BoolArray = x >= self.starts[0]
        return within
