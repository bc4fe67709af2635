"""Shares in hundredths of a per cent: whole numbers, so that nothing is lost."""

from typing import Final

from pricing.actuary.impact.batch.arrays import IntArray, nearest_each
from pricing.tariff.tables import nearest

PER_WHOLE: Final = 10_000


def share_of(change: int, before: int) -> int | None:
    """*change* as a share of *before*, half up; None where *before* is 0."""
    return nearest(change * PER_WHOLE, before) if before else None


def shares_of(change: IntArray, before: IntArray) -> IntArray:
    """The same for columns. No number in *before* may be 0."""
    return nearest_each(change * PER_WHOLE, before)
