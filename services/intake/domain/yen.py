"""Large amounts in words, as people in Japan read them."""

from typing import Final

_UNITS: Final = ((10**12, "兆"), (10**8, "億"), (10**4, "万"), (1, ""))


def in_words(yen: int) -> str:
    """`12億3456万7000円`."""
    words = ""
    rest = yen
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            words += f"{count}{unit}"
    return f"{words or '0'}円"
