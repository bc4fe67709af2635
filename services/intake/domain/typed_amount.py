"""Amounts with their units as people in Japan type them. How amounts are written back: `shared.yen`."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import Final

_SIZES: Final = {
    "兆": 10**12,
    "億": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "万": 10**4,
    "千": 10**3,
    "": 1,
}
_PART: Final = re.compile(r"([0-9]{1,20}(?:\.[0-9]{1,6})?)(兆|億|千万|百万|万|千|)")
_WHOLE: Final = re.compile(rf"(?:{_PART.pattern})+円?", re.ASCII)


def from_words(typed: str) -> Decimal | None:
    """The 円 of `3.5億円`, `12億3456万円`, `500百万円` or `500,000千円`, separators taken out; None for anything else.

    Only with a unit: a bare figure says nothing of what it counts.
    """
    if not _WHOLE.fullmatch(typed) or typed.isascii():
        return None
    parts = [(Decimal(figure), _SIZES[unit]) for figure, unit in _PART.findall(typed)]
    sizes = [size for _, size in parts]
    # 5万3億 is no amount, 5億5億 neither; and 3億5000 may mean 5000万 as well as 5000円.
    if (sizes[-1] == 1 and not typed.endswith("円")) or any(after >= before for before, after in pairwise(sizes)):
        return None
    return sum((figure * size for figure, size in parts), Decimal())
