"""Exact products of whole columns: each amount is a row of digits in base one million, one `int64` array a digit.

A factor in millionths adds one digit behind the point and loses nothing. The largest value of each column is known
before it is filled, so that no product can overflow: numpy would not report it.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from pricing.actuary.impact.batch.arrays import IntArray
from pricing.tariff.tables import MILLION, millionths
from shared.errors import Invalid

CEILING = 2**62
"""Half of what an `int64` holds, so that a doubled amount still fits."""


def fits(most: int) -> int:
    """*most*, when an `int64` holds it with room to double. Raises `Invalid`."""
    if most >= CEILING:
        raise Invalid("この料率表の数値は一括計算の範囲を超えています。--requests で一件ずつ計算してください。")
    return most


def bound_in_millionths(bound: Decimal | None) -> int | None:
    """A cap or a floor of a step, where there is one. Raises `Invalid`."""
    return None if bound is None else fits(millionths(bound))


@dataclass(frozen=True, slots=True)
class Amounts:
    """A column of amounts, never below zero; the lowest digit first, `decimals` of them behind the point.

    `most` is what the largest can be, as a whole number of the lowest digit's units.
    """

    digits: tuple[IntArray, ...]
    decimals: int
    most: int

    @classmethod
    def of_millionths(cls, figures: IntArray, most: int) -> "Amounts":
        """Amounts from millionths, of which none is above *most*."""
        return cls(tuple(_carried([figures], fits(most))), 1, most)

    def times(self, factors: IntArray, most: int) -> "Amounts":
        """Each times its factor in millionths, of which none is above *most*."""
        fits(MILLION * (most + 1))
        bound = self.most * most
        return Amounts(tuple(_carried([digit * factors for digit in self.digits], bound)), self.decimals + 1, bound)

    def plus(self, other: "Amounts") -> "Amounts":
        """Sums, with the points one under the other."""
        decimals = max(self.decimals, other.decimals)
        left, right = self.with_decimals(decimals), other.with_decimals(decimals)
        shorter, longer = sorted([left.digits, right.digits], key=len)
        added = [a + b for a, b in zip(shorter, longer, strict=False)]
        bound = left.most + right.most
        return Amounts(tuple(_carried([*added, *longer[len(shorter) :]], bound)), decimals, bound)

    def doubled_whole(self) -> IntArray:
        """Twice the amount, cut to whole 円: this still shows on which side of a half 円 the amount lies."""
        fits(2 * self.most // MILLION**self.decimals + 1)
        whole = np.zeros_like(self.digits[0])
        for digit in reversed(self.digits[self.decimals :]):
            whole = whole * MILLION + digit
        if len(self.digits) < self.decimals:
            return 2 * whole
        return 2 * whole + (2 * self.digits[self.decimals - 1] >= MILLION)

    def with_decimals(self, decimals: int) -> "Amounts":
        """The same amounts with zeros behind them, *decimals* digits behind the point in all."""
        more = decimals - self.decimals
        zeros = np.zeros_like(self.digits[0])
        return Amounts((*(zeros,) * more, *self.digits), decimals, self.most * MILLION**more)


def _carried(columns: list[IntArray], most: int) -> list[IntArray]:
    """Digits below a million again, as many as the largest amount needs."""
    digits: list[IntArray] = []
    carry: IntArray | None = None
    rest = most
    while rest or not digits:
        column = columns[len(digits)] if len(digits) < len(columns) else None
        total = column if carry is None else carry if column is None else column + carry
        if total is None:
            raise AssertionError("a bound below the digits that are there")
        carry = total // MILLION
        digits.append(total - carry * MILLION)
        rest //= MILLION
    return digits
