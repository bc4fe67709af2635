"""Yen as Japanese offices write them. Integers only."""

from typing import Final

_MAN: Final = 10_000
_OKU: Final = 100_000_000
_CHO: Final = 1_000_000_000_000


def yen(amount: int) -> str:
    """`67,000円`: to the last yen, for premiums."""
    return f"{amount:,}円"


def round_yen(amount: int) -> str:
    """`1億5,000万円`: as limits and turnovers are spoken of."""
    if amount < 0:
        return yen(amount)
    parts = []
    for size, unit in ((_CHO, "兆"), (_OKU, "億"), (_MAN, "万")):
        count, amount = divmod(amount, size)
        if count:
            parts.append(f"{count:,}{unit}")
    if amount or not parts:
        parts.append(f"{amount:,}")
    return "".join(parts) + "円"
