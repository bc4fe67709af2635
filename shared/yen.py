"""How amounts of money are written for people: the same in the form, the dashboard, mails and PDFs. Whole 円 only."""

from typing import Final

_UNITS: Final = ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, ""))


def yen(amount: int) -> str:
    """`67,000円`: every digit, for premiums."""
    return f"{amount:,}円"


def spoken_yen(amount: int) -> str:
    """`12億3,456万7,000円`: as people say limits and turnovers."""
    if amount < 0:
        return yen(amount)
    words, rest = "", amount
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            words += f"{count:,}{unit}"
    return f"{words or '0'}円"


def turnover(thousand_yen: int) -> str:
    """`500,000千円（5億円）`: the form asks in 千円; with 円 beside it, a reader sees an error by a factor of 1,000."""
    return f"{thousand_yen:,}千円（{spoken_yen(thousand_yen * 1000)}）"
