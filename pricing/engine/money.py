"""Money is exact: a step that would lose a digit is an error, and there is one rounding, on purpose."""

from decimal import (
    ROUND_FLOOR,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    Inexact,
    InvalidOperation,
    Overflow,
)

EXACT = Context(
    # A base of twelve digits times a dozen factors of six decimals stays below this.
    prec=120,
    rounding=ROUND_FLOOR,
    traps=[Inexact, InvalidOperation, DivisionByZero, Overflow, FloatOperation],
)
"""Raises instead of rounding, and instead of mixing with a binary fraction."""


def round_half_up(amount: Decimal, to_yen: int) -> int:
    """*amount* to the nearest multiple of *to_yen*; a half goes up (四捨五入). For amounts of zero or more."""
    whole, rest = divmod(amount, to_yen)
    return (int(whole) + (1 if rest * 2 >= to_yen else 0)) * to_yen
