"""How much a figure or a premium rises or falls."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

HUNDREDTH: Final = Decimal("0.01")


def percent_change(old: Decimal | int, new: Decimal | int) -> Decimal | None:
    """From *old* to *new*, in percent to two decimals; None where *old* is 0."""
    return (Decimal(new - old) * 100 / Decimal(old)).quantize(HUNDREDTH, ROUND_HALF_UP) if old else None


def percent_as_json(percent: Decimal | None) -> str | None:
    """As text, so that no program makes a binary fraction of it."""
    return None if percent is None else str(percent)
