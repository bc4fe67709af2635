"""Figures and amounts with their units as people in Japan type them. How amounts are written back: `shared.yen`.

No figure is guessed. A separator stands between groups of three figures or nowhere: 1,5億 may be 1.5億 or 15億, and a
wrong amount is a wrong premium. 約3億円 is no amount yet: whoever typed it is asked for one.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise, takewhile
from typing import Final

LONGEST: Final = 64
"""Characters of a figure as typed; a longer text is no figure, and is not looked at."""
_LARGE: Final = {"兆": 10**12, "億": 10**8, "万": 10**4, "": 1}
_NAMED_LARGE: Final = frozenset("兆億万")
_SMALL: Final = {"千": 10**3, "百": 10**2, "十": 10, "": 1}
_FIGURE: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}|[0-9]{1,20})(?:\.[0-9]{1,6})?"
_UNIT: Final = "[兆億万千百十]"
_PART: Final = re.compile(rf"({_FIGURE})? ?({_UNIT}) ?|({_FIGURE})")
_WORDS: Final = rf"(?:(?:{_FIGURE} ?)?{_UNIT} ?){{0,16}}(?:{_FIGURE})?"
_TAX: Final = r"(?: ?\(?税込み?\)?)?"
_AMOUNT: Final = re.compile(
    rf"金? ?(¥|JPY)? ?({_WORDS}) ?(円|yen|JPY)?(也|\.?[-ー―−–—‐‑ｰ─]|です)?[。.]?{_TAX}", re.IGNORECASE
)
"""With what stands around an amount on paper: 金三億円也, ¥900,000-. (税込) is what the question asks for."""
_IN_BRACKETS: Final = re.compile(
    r" ?\((?:税込み?[,・ ]?)?(?:単位[: ]{0,2})?((?:[十百千]?[億万]|[千百])円?|円)(?:[,・ ]?税込み?)?\) ?"
)
"""(千円), or (単位：千円): what a figure beside it counts."""
_UNIT_ALONE: Final = re.compile("(?:[千百]|百万)円?")
"""The unit of a column of figures, without its figure."""
_CURRENCY: Final = re.compile("[円¥]|yen|JPY", re.IGNORECASE)
_GROUPED: Final = re.compile("[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_MAY_BE_GROUP: Final = re.compile(r"(?<![0-9,.])[1-9][0-9]{0,2}\.[0-9]{3}(?![0-9])")
"""1.500 is 1500 to some people and one and a half to others."""
_NO_PART: Final = re.compile(rf"(?<=[0-9])(?:\.0{{1,2}})?{_TAX}$")
"""500,000.00 is how programs write 500,000: behind two figures no thousand ends."""
_OF_AMOUNTS: Final = frozenset("0123456789.,'’・·。_ 兆億万千百十円¥金也税込み()単位:")
_FIRST: Final = frozenset("千百十¥")
_UNITS: Final = frozenset("兆億万千百十")
_DECIMAL: Final = re.compile(r"[0-9]+\.[0-9]+")
_WIDE: Final = {
    **{code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), 0xFF08, 0xFF09, 0xFF0C, 0xFF0D, 0xFF0E, 0xFF1A)},
    0x3001: ",",
    0xFF64: ",",
    0xFF3B: "[",
    0xFF3D: "]",
    0xFFE5: "¥",
    0xFF3C: "¥",
    0x5C: "¥",
}
"""A keyboard of Japan has ¥ where others have a backslash."""
_KANJI: Final = str.maketrans(
    "〇○◯零一壱壹二弐貳三参參四肆五伍六陸七漆柒八捌九玖拾百佰陌千仟阡萬圓[【〔]】〕",
    "00001112223334455667778899十百百百千千千万円((()))",
)
_FIGURES_IN_KANJI: Final = "〇○◯零一壱壹二弐貳三参參四肆五伍六陸七漆柒八捌九玖"
_IN_KANJI: Final = re.compile(rf"(?![〇○◯零])[{_FIGURES_IN_KANJI}][{_FIGURES_IN_KANJI},]{{1,{LONGEST}}}")
"""五〇〇〇〇〇, figure by figure. 〇〇 holds the place of a figure, and one 一 may be a dash."""
_NEITHER: Final = re.compile(
    rf"^金? ?¥?[〇○◯](?=.)|(?<![0-9{_FIGURES_IN_KANJI}])(?:一二|二三|三四|四五|五六|六七|七八|八九)"
    f"(?![0-9{_FIGURES_IN_KANJI}])"
)
"""〇億円 has no figure yet, and 二三億円 is said for two or three."""


def one_width(typed: str) -> str:
    """*typed* with figures, commas and points in one width. They are converted one by one: NFKC reads 10² as 102."""
    return typed.translate(_WIDE).strip()


def whole(typed: str) -> str | None:
    """The figures of a whole number, in *one_width*, without its separators; None for anything else."""
    is_kanji = _IN_KANJI.fullmatch(typed) is not None and not _NEITHER.search(typed)
    figures = _NO_PART.sub("", typed.translate(_KANJI) if is_kanji else typed)
    if figures.isascii() and figures.isdecimal():
        return figures
    return figures.replace(",", "") if _GROUPED.fullmatch(figures) else None


def names_unit(typed: str) -> bool:
    """Whether *typed*, in *one_width*, says what its figure counts: 万, or 円 itself."""
    return not _UNITS.isdisjoint(typed.translate(_KANJI)) or names_currency(typed)


def names_currency(typed: str) -> bool:
    """Whether *typed*, in *one_width*, names 円; 50万 in a field of 千円 may leave 千円 to be understood."""
    return _CURRENCY.search(typed.translate(_KANJI)) is not None


def from_words(typed: str) -> Decimal | None:
    """The 円 of `3.5億円`, `3千5百万円`, `三億円`, `¥3,000,000` or `500,000千円`, in *one_width*; else None.

    Only with a unit: a bare figure says nothing of what it counts.
    """
    if len(typed) > LONGEST or not names_unit(typed) or _NEITHER.search(typed):
        return None
    text = _with_unit_behind(typed.translate(_KANJI))
    found = _AMOUNT.fullmatch(text)
    if found is None or _MAY_BE_GROUP.search(text) or _UNIT_ALONE.fullmatch(text):
        return None
    sign, words, yen, end = found.groups()
    parts = [(figure or last, unit) for figure, unit, last in _PART.findall(words)]
    if any(figure.startswith("0") and "," in figure for figure, _ in parts) or (end and not sign and not yen):
        return None
    # 3億5000 may mean 5000万 as well as 5000円, and 3億5千 is mostly said for 3億5000万.
    if (
        not parts
        or _has_unit_twice(parts)
        or (not yen and _may_be_short([unit for _, unit in parts], named=sign is not None))
    ):
        return None
    return _sum(parts)


def _with_unit_behind(text: str) -> str:
    """*text* with the unit that stands in brackets behind its figure; 50万（千円） stays, and is no amount.

    円 in brackets says nothing new of 50万, and leaves 3億5000 as doubtful as it is.
    """
    found = _IN_BRACKETS.search(text)
    if found is None:
        return text
    before, unit, after = text[: found.start()], found[1], text[found.end() :]
    if _UNITS.isdisjoint(before + after):
        return f"{before}{unit}{after}" if before else f"{after}{unit}"
    return before + after if unit == "円" else text


def _has_unit_twice(parts: Sequence[tuple[str, str]]) -> bool:
    """Whether a unit without a figure ends what has 万 or 億 already: 千円 of 50万千円 may count it or be added."""
    behind = len(list(takewhile(lambda part: not part[0], reversed(parts))))
    return any(unit in _NAMED_LARGE for _, unit in parts[:-1][-behind:]) if behind else False


def _sum(parts: Sequence[tuple[str, str]]) -> Decimal | None:
    """The sum of figures with their units, in the order in which they are said; None if they do not fit each other."""
    counted: list[tuple[Decimal, int]] = []
    below: list[tuple[Decimal, int]] = []
    for figure, unit in (*parts, ("", "")):
        if unit in _SMALL and (figure or unit):
            # 百五十 says no one before its hundred; 億 without a figure is no amount.
            below.append((Decimal(figure.replace(",", "") or 1), _SMALL[unit]))
            continue
        if figure:
            below.append((Decimal(figure.replace(",", "")), 1))
        count = _count(below, is_first=not counted)
        if count is None or (unit and not below):
            return None
        if below:
            counted.append((count, _LARGE[unit]))
        below = []
    # 5万3億 is no amount, nor 5億5億; 5億500百万 and 1.5億2000万 count the same size twice.
    if not counted or any(after * size >= before or count % 1 for (count, before), (after, size) in pairwise(counted)):
        return None
    return sum((count * size for count, size in counted), Decimal())


def _count(below: Sequence[tuple[Decimal, int]], *, is_first: bool) -> Decimal | None:
    """What stands before 万 or 億: 3千5百. A single unit may have any figure, as in 500百万 and 500,000千円.

    Only where nothing stands before it: 千円 of 3億5,000千円 may count all of it.
    """
    digits = [figure for figure, size in below if size > 1]
    is_single = is_first and len(below) == 1 and below[0][1] > _SMALL["十"]
    if not is_single and any(figure >= _SMALL["十"] or figure % 1 for figure in digits):
        return None
    if any(figure * after >= before for (_, before), (figure, after) in pairwise(below)):
        return None
    return sum((figure * size for figure, size in below), Decimal())


def _may_be_short(units: Sequence[str], *, named: bool) -> bool:
    """Whether the last part may count what the one before it leaves to be understood. 1万5千 leaves nothing.

    *named*: ¥ stands in front, so a figure alone is one of 円.
    """
    if units[-1:] == [""]:
        return len(units) > 1 or not named
    return units[-1] in _SMALL and not {"兆", "億"}.isdisjoint(units) and "万" not in units


def is_decimal(typed: str) -> bool:
    """Whether *typed*, in *one_width*, is a figure with a part behind the point: 1.500 is not, it may be 1500."""
    return _DECIMAL.fullmatch(typed) is not None and not _MAY_BE_GROUP.search(typed)


def is_ambiguous(typed: str) -> bool:
    """Whether *typed*, in *one_width*, consists of figures, separators and units, but may be several amounts."""
    text = typed.translate(_KANJI)
    first = text.lstrip("金(単位: ")[:1]
    is_amount = _OF_AMOUNTS.issuperset(text) and (first.isdecimal() or first in _FIRST)
    return is_amount and whole(typed) is None and not is_decimal(typed)
