"""Figures and amounts with their units as people in Japan type them. How amounts are written back: `shared.yen`.

No figure is guessed. A separator stands between groups of three figures or nowhere: 1,5億 may be 1.5億 or 15億, and a
wrong amount is a wrong premium.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

LONGEST: Final = 64
"""Characters of a figure as typed; a longer text is no figure, and is not looked at."""
_SIZES: Final = {
    "兆": 10**12,
    "億": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "万": 10**4,
    "千": 10**3,
    "": 1,
}
_FIGURE: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}|[0-9]{1,20})(?:\.[0-9]{1,6})?"
_UNIT: Final = "兆|億|千万|百万|万|千"
_PART: Final = re.compile(rf"({_FIGURE}) ?({_UNIT}|) ?")
_WHOLE: Final = re.compile(rf"(?:{_FIGURE} ?(?:{_UNIT}) ?){{0,8}}(?:{_FIGURE})? ?円?")
_GROUPED: Final = re.compile("[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_MAY_BE_GROUP: Final = re.compile(r"(?<![0-9,.])[1-9][0-9]{0,2}\.[0-9]{3}(?![0-9])")
"""1.500 is 1500 to some people and one and a half to others."""
_OF_AMOUNTS: Final = frozenset("0123456789.,'’・·。_ 兆億万千百円")
_DECIMAL: Final = re.compile(r"[0-9]+\.[0-9]+")
_WIDE: Final = {**{code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), 0xFF0C, 0xFF0E)}, 0x3001: ",", 0xFF64: ","}


def one_width(typed: str) -> str:
    """*typed* with figures, commas and points in one width. They are converted one by one: NFKC reads 10² as 102."""
    return typed.translate(_WIDE).strip()


def whole(typed: str) -> str | None:
    """The figures of a whole number, in *one_width*, without its separators; None for anything else."""
    if typed.isascii() and typed.isdecimal():
        return typed
    return typed.replace(",", "") if _GROUPED.fullmatch(typed) else None


def from_words(typed: str) -> Decimal | None:
    """The 円 of `3.5億円`, `12億3,456万円`, `500百万円` or `500,000千円`, in *one_width*; None for anything else.

    Only with a unit: a bare figure says nothing of what it counts.
    """
    if len(typed) > LONGEST or typed.isascii() or not _WHOLE.fullmatch(typed):
        return None
    found = _PART.findall(typed)
    if any(figure.startswith("0") and "," in figure for figure, _ in found) or _MAY_BE_GROUP.search(typed):
        return None
    parts = [(Decimal(figure.replace(",", "")), _SIZES[unit]) for figure, unit in found]
    # 3億5000 may mean 5000万 as well as 5000円, and 3億5千 is mostly said for 3億5000万.
    if not parts or (not typed.endswith("円") and _may_be_short(parts)):
        return None
    # 5万3億 is no amount, nor 5億5億; 5億500百万 and 1.5億2000万 count the same size twice.
    if any(after * size >= before or figure % 1 for (figure, before), (after, size) in pairwise(parts)):
        return None
    return sum((figure * size for figure, size in parts), Decimal())


def _may_be_short(parts: Sequence[tuple[Decimal, int]]) -> bool:
    """Whether the last of *parts* may count what the one before it leaves to be understood. 1万5千 leaves nothing."""
    (_, before), (_, last) = parts[-2:] if len(parts) > 1 else ((0, 0), parts[-1])
    return last == 1 or (last == _SIZES["千"] and before > _SIZES["万"])


def is_decimal(typed: str) -> bool:
    """Whether *typed*, in *one_width*, is a figure with a part behind the point: 1.500 is not, it may be 1500."""
    return _DECIMAL.fullmatch(typed) is not None and not _MAY_BE_GROUP.search(typed)


def is_ambiguous(typed: str) -> bool:
    """Whether *typed*, in *one_width*, consists of figures, separators and units, but may be several amounts."""
    return _OF_AMOUNTS.issuperset(typed) and typed[0].isdecimal() and whole(typed) is None and not is_decimal(typed)
