"""How typed text is tidied. Any usual way of typing is accepted: nobody is asked to type full-width characters.

Names and addresses are never put through NFKC or NFC: both replace characters that people are called by
(㈱ becomes (株), the old form of 神 becomes the new one). `soft` changes only what is safe to change.
A text that is too long is refused by its length before anything else looks at it: NFKC makes up to 18 characters of
one, and nobody's answer may cost more than it is worth.
"""

import re
import unicodedata
from typing import Final

from shared.answers.visible import UNSEEN_LINE_ENDS, visible
from shared.kanji_forms import RADICALS

LOOSE: Final = 4
"""How many times its longest length a text may have as typed, with all that is tidied away."""
HYPHENS: Final = r"\u02d7\u2010-\u2015\u2043\u2212\u2500\u2501\u30fc\uff0d\uff70\ufe63\-"
_SPLIT_DAKUTEN: Final = re.compile("[\u3041-\u30ff][\u3099-\u309c]")
_SPLIT_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f][\u0300-\u033f\u0342\u0345-\u036f]{1,4}")
_SPLIT_HANGUL: Final = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
_SPACING_DAKUTEN: Final = {0xFF9E: "\u309b", 0xFF9F: "\u309c"}
_ALWAYS: Final = {**_SPACING_DAKUTEN, **RADICALS}
"""A radical is a sign of dictionaries that looks like its kanji: nobody's name has it, and no search finds it."""
_COMBINING_DAKUTEN: Final = {0x309B: "\u3099", 0x309C: "\u309a"}
_WIDE_ALPHANUMERIC: Final = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_NARROW_KANA: Final = re.compile("[\uff61-\uff9d]+")
_HYPHEN_IN_NUMBER: Final = re.compile(f"(?<=[0-9])[{HYPHENS}](?=[0-9])")
_BLANKS: Final = re.compile(" {2,}")
_TIDY: Final = re.compile(
    "(?:[!-~\u3005-\u3007\u3041-\u3096\u30a1-\u30fb\u30fd\u30fe\u4e00-\u9fff]|\u30fc(?![0-9])|(?<!^) (?! |$))*"
)
"""Most names and addresses: kana, kanji and ASCII, with single blanks within and no long vowel before a figure."""


def soft(text: str) -> str:
    """For names and addresses: full-width letters, half-width kana and blanks are tidied, everything else stays."""
    if _TIDY.fullmatch(text):
        return text
    return _soft(visible(UNSEEN_LINE_ENDS.sub(" ", text))).strip()


def soft_lines(text: str) -> str:
    """`soft`, line by line, with every kind of line end made plain."""
    return "\n".join(_soft(line) for line in visible(text).split("\n")).strip()


def _soft(text: str) -> str:
    if not text.isascii():
        text = _NARROW_KANA.sub(_nfkc, text.translate(_ALWAYS))
        text = _SPLIT_DAKUTEN.sub(_composed, text)
        text = _SPLIT_LATIN.sub(_nfc, text)
        text = _SPLIT_HANGUL.sub(_nfc, text)
        text = _WIDE_ALPHANUMERIC.sub(lambda match: chr(ord(match[0]) - 0xFEE0), text)
        text = _HYPHEN_IN_NUMBER.sub("-", text)
    return _BLANKS.sub(" ", text).strip(" ")


def _nfkc(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _nfc(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", match[0])


def _composed(match: re.Match[str]) -> str:
    """One kana with its dakuten, where there is such a kana; か with a small circle has no character of its own."""
    one = unicodedata.normalize("NFC", match[0].translate(_COMBINING_DAKUTEN))
    return one if len(one) == 1 else match[0]


def is_empty(text: str) -> bool:
    """Whether nothing of *text*, once tidied, can be seen: blanks, or marks that belong to no letter."""
    return not any(unicodedata.category(char)[0] in "LNPSC" for char in text)
