"""Whole-number arrays, and the arithmetic on them that loses nothing."""

import numpy as np
import numpy.typing as npt

from pricing.tariff.tables import MILLION

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


def nearest_each(numerators: IntArray, denominators: IntArray | int) -> IntArray:
    """The whole numbers nearest to the quotients, half up."""
    return (2 * numerators + denominators) // (2 * denominators)


def exact_sum(amounts: IntArray) -> int:
    """The sum, even where it is larger than an `int64` holds."""
    return int((amounts // MILLION).sum()) * MILLION + int((amounts % MILLION).sum())
