"""(x / one_at) ^ power, never a digit off, and how far a straight line lies from that curve."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from pricing.tariff.figures import DECIMALS
from pricing.tariff.schema import FollowsSchema

LONG: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
NEAR: Final = Decimal("1e-30")
"""Nearer to a half than this, the digits of `LONG` do not decide how to round, and whole numbers must."""


def power_of(x: int, follows: FollowsSchema) -> Decimal:
    """(x / one_at) ^ power, rounded half up to the decimals of a tariff: never a digit off, even at a half."""
    scaled = LONG.scaleb(_power(Decimal(x), follows), DECIMALS)
    whole = int(scaled)
    rest = LONG.subtract(scaled, Decimal(whole))
    half = Decimal("0.5")
    up = _is_at_least_half(x, whole, follows) if abs(rest - half) < NEAR else rest > half
    return Decimal(whole + up).scaleb(-DECIMALS)


def distance_from_curve(left: tuple[int, Decimal], right: tuple[int, Decimal], follows: FollowsSchema) -> Decimal:
    """How far the line between two rows lies from the curve where it is furthest, as a share of the curve."""
    (x0, y0), (x1, y1) = left, right
    slope = LONG.divide(y1 - y0, Decimal(x1 - x0))
    start = LONG.subtract(y0, LONG.multiply(slope, Decimal(x0)))
    bend = LONG.multiply(slope, 1 - follows.power)
    # The share (start + slope x) / x^power is extreme where start x power = slope x (1 - power) x.
    extreme = LONG.divide(LONG.multiply(start, follows.power), bend) if bend else Decimal(x0)
    places = [Decimal(x0), Decimal(x1), *([extreme] if x0 < extreme < x1 else [])]
    return max(abs(_share(start, slope, x, follows)) for x in places)


def _is_at_least_half(x: int, whole: int, follows: FollowsSchema) -> bool:
    """Whether the power is *whole* and a half, or more, in the last decimal: in whole numbers alone."""
    numerator, denominator = follows.power.as_integer_ratio()
    unit = 2 * 10**DECIMALS
    return bool(x**numerator * unit**denominator >= (2 * whole + 1) ** denominator * follows.one_at**numerator)


def _power(x: Decimal, follows: FollowsSchema) -> Decimal:
    return LONG.power(LONG.divide(x, Decimal(follows.one_at)), follows.power)


def _share(start: Decimal, slope: Decimal, x: Decimal, follows: FollowsSchema) -> Decimal:
    line = LONG.add(start, LONG.multiply(slope, x))
    return LONG.subtract(LONG.divide(line, _power(x, follows)), 1)
