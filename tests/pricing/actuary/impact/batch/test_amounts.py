"""Products of columns, compared with Python's own whole numbers, which have no limit."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.actuary.impact.batch.amounts import Amounts
from pricing.actuary.impact.batch.arrays import IntArray
from pricing.tariff.tables import MILLION
from shared.errors import Invalid

BASES = st.integers(0, 10**13) | st.sampled_from([0, 1, MILLION - 1, MILLION, 999_999_999_999])
FACTORS = st.integers(0, 5 * MILLION) | st.sampled_from([0, 1, MILLION - 1, MILLION, MILLION + 1])


def column(figure: int) -> IntArray:
    return np.array([figure], dtype=np.int64)


def product(base: int, factors: list[int]) -> Amounts:
    amount = Amounts.of_millionths(column(base), base)
    for factor in factors:
        amount = amount.times(column(factor), factor)
    return amount


def exactly(base: int, factors: list[int]) -> Fraction:
    amount = Fraction(base, MILLION)
    for factor in factors:
        amount *= Fraction(factor, MILLION)
    return amount


@given(BASES, st.lists(FACTORS, max_size=9), BASES, st.lists(FACTORS, max_size=9))
def test_a_sum_of_products_keeps_every_digit(base: int, factors: list[int], other: int, others: list[int]) -> None:
    total = product(base, factors).plus(product(other, others))

    digits = sum(int(digit[0]) * MILLION**place for place, digit in enumerate(total.digits))
    assert Fraction(digits, MILLION**total.decimals) == exactly(base, factors) + exactly(other, others)
    assert all(0 <= digit[0] < MILLION for digit in total.digits)


@given(BASES, st.lists(FACTORS, max_size=5))
def test_twice_an_amount_shows_its_side_of_a_half_yen(base: int, factors: list[int]) -> None:
    doubled = product(base, factors).doubled_whole()

    assert doubled[0] == 2 * exactly(base, factors) // 1


def test_a_column_that_would_overflow_is_refused() -> None:
    with pytest.raises(Invalid):
        product(10**18, [MILLION]).times(column(MILLION), 10**13)
