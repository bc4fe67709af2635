"""How what is searched is written alike: numbers, telephones, mail addresses, and further spellings of a name.

Both the case and the question go through the same functions, so that any usual way of writing finds any other. What
comes out is for comparing and is never shown.
"""

import re
from typing import Final

from shared.name_keys import narrow

_BLANKS: Final = re.compile(r"\s+")
_CUT_IN_FRONT: Final = re.compile("^(?:[式限同]?会社|[社株有同])")
_CUT_BEHIND: Final = re.compile("(?:株式会?|有限会?|合同会?|[株有合同])$")
_AFTER_I: Final = "(?<=[いきぎしじちにひびぴみり])"
_B_OF_V: Final = {"ゔあ": "ば", "ゔい": "び", "ゔ": "ぶ", "ゔえ": "べ", "ゔお": "ぼ"}
_V_OF_B: Final = {b: v for v, b in _B_OF_V.items()}
_V: Final = re.compile("ゔ[あいえお]?")
_B: Final = re.compile("[ばびぶべぼ]")

_HYPHEN: Final = re.compile("[\u02d7\u2010-\u2015\u2043\u2212\u2500\u2501\u30fc\ufe63]")
_BEFORE_NUMBER: Final = re.compile("^(?:受付番号|見積番号|no)[.:]*")
_NUMBER: Final = re.compile("([a-z0-9]{8})([0-9]{1,4})?")
_FIGURE_PLACES: Final = (2, 5)
"""There a reception number always has one of the figures 3 4 6 7 9 (intake draws it so)."""
_LIKE_FIGURE: Final = str.maketrans("aegt", "4367")
_LIKE_ANY: Final = str.maketrans("1ilqb", "77796")
"""No reception number has one of these: what was read as one is what looks like it. 0 and O look like none that has."""
_ABROAD: Final = re.compile(r"(?:\+|(?<![0-9])00|(?<![0-9])010)81[-. ]{0,3}(?:\(0\))?[-. ]{0,3}0?")
_PHONE: Final = re.compile(r"[+(]{0,2}[0-9][0-9() .-]*[0-9]")
_SHORTEST_PHONE: Final = 9
_LONGEST_END: Final = 8
_WITHOUT_COUNTRY: Final = 10
_NOT_A_FIGURE: Final = re.compile("[^0-9]")


def spellings(key: str) -> tuple[str, ...]:
    """*key* and how else it is written: カナリヤ for カナリア, ヴァイオリン for バイオリン.

    For a question only: if the names were folded so, a part of one, as ヤマ of ニシヤマ, would not find it any more.
    """
    ways = (key, re.sub(f"{_AFTER_I}や", "あ", key), re.sub(f"{_AFTER_I}あ", "や", key))
    return tuple(
        dict.fromkeys(
            spelt
            for way in ways
            for spelt in (way, _V.sub(lambda v: _B_OF_V[v[0]], way), _B.sub(lambda b: _V_OF_B[b[0]], way))
        )
    )


def uncut(key: str) -> tuple[str, ...]:
    """What is left of *key* without a piece of 株式会社, 有限会社 or 合同会社 at one end: people copy 会社見本."""
    return tuple(rest for rest in (_CUT_IN_FRONT.sub("", key), _CUT_BEHIND.sub("", key)) if rest != key)


def number_key(text: str) -> str:
    """A reception number, `k7m2p4xr`, or a quote number, `k7m2p4xr-1`, as far as it was read rightly; else empty."""
    typed = _BLANKS.sub("", _HYPHEN.sub("", narrow(text)).replace("-", ""))
    found = _NUMBER.fullmatch(_BEFORE_NUMBER.sub("", typed))
    if found is None:
        return ""
    places = enumerate(found[1].translate(_LIKE_ANY))
    number = "".join(char.translate(_LIKE_FIGURE) if place in _FIGURE_PLACES else char for place, char in places)
    return f"{number}-{int(found[2])}" if found[2] else number


def phone_keys(text: str) -> tuple[str, ...]:
    """Every number in *text* in figures, without extensions: a contact has up to three, `03-1234-5678 / 090-…`."""
    parts = (_PHONE.search(part) for part in _at_home(text).split("/"))
    keys = (_figures(found[0]) for found in parts if found)
    return tuple(key for key in keys if len(key) >= _SHORTEST_PHONE)


def phone_end(text: str) -> str:
    """*text* as the last figures of a number, at most eight; empty when it is anything else."""
    figures = _BLANKS.sub("", _HYPHEN.sub("", narrow(text)).replace("-", ""))
    return figures if figures.isascii() and figures.isdecimal() and len(figures) <= _LONGEST_END else ""


def email_key(text: str) -> str:
    """A mail address, or a part of one, in small letters and with its domain in ASCII."""
    name, at, domain = _BLANKS.sub("", narrow(text)).removeprefix("mailto:").rpartition("@")
    if domain.isascii() or "." not in domain:
        return name + at + domain
    try:
        return name + at + domain.encode("idna").decode("ascii")
    except UnicodeError:
        return name + at + domain


def _at_home(text: str) -> str:
    return _ABROAD.sub("0", _HYPHEN.sub("-", narrow(text)))


def _figures(phone: str) -> str:
    """With the 0 that a spreadsheet takes from the front, and without the 81 that other countries dial."""
    figures = _NOT_A_FIGURE.sub("", phone)
    if len(figures) < _SHORTEST_PHONE or figures.startswith("0") or phone.startswith("+"):
        return figures
    return f"0{figures.removeprefix('81') if len(figures) > _WITHOUT_COUNTRY else figures}"
