"""What cannot be seen is no answer. One rule for every field: it is taken out, and what is left must be visible.

Pasted text brings along what nobody sees: blanks of other widths, line ends of other programs, marks that join, hide
or turn round what stands beside them (Unicode's Default_Ignorable_Code_Point and Cf). What can be neither taken out
nor shown is found by `unusable`, so that it can be named.
"""

import re
import unicodedata
from typing import Final

_PLAIN: Final = re.compile("[ -~\u3005-\u3007\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uff01-\uff5e]*")
"""Most answers consist of nothing else, and need not be looked at character by character."""
_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
UNSEEN_LINE_ENDS: Final = re.compile("[\x0b\x0c\u2028\u2029]")
"""Of PowerPoint (U+000B), of printers, and the two of Unicode: a field of one line shows none of them."""
_BLANKS: Final = frozenset("\t\u2800") | {
    # Two of them are blanks between Egyptian hieroglyphs, which Unicode calls letters.
    chr(code)
    for code in (0x20, 0xA0, 0x1680, 0x202F, 0x205F, 0x3000, 0x13441, 0x13442)
}
_INVISIBLE: Final = frozenset(
    chr(code)
    for first, last in (
        *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F)),
        *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)),
        *((0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC), (0x13430, 0x1343F), (0x16FE4, 0x16FE4), (0x1BCA0, 0x1BCA3)),
        *((0x1D159, 0x1D159), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
    )
    for code in range(first, last + 1)
)
_FORMS: Final = frozenset("\u200d") | frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_NAMED: Final = _INVISIBLE - _FORMS
_ZWJ: Final = "\u200d"
_IDEOGRAPHS: Final = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_MARKS: Final = frozenset({"Mn", "Mc", "Me"})
_MOST_MARKS: Final = 8
"""On one letter. No script needs more; a hundred of them run over the lines above and below."""
_NO_CHARACTER: Final = frozenset(map(chr, range(0xFDD0, 0xFDF0))) | frozenset(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_NEVER_TEXT: Final = {"Cc": "制御文字", "Cs": "壊れた文字", "Co": "外字", "Zl": "改行", "Zp": "改行"}


def visible(text: str) -> str:
    """*text* without what cannot be seen; line ends of every kind as LF, a blank of any kind as a plain space.

    A variant of a kanji and a composed emoji keep the marks that make them what they are.
    """
    if _PLAIN.fullmatch(text):
        return text
    kept: list[str] = []
    for place, char in enumerate(text := _LINE_ENDS.sub("\n", text)):
        if char <= "\x7e" and char != "\t":
            kept.append(char)
        elif char in _BLANKS or "\u2000" <= char <= "\u200a":
            kept.append(" ")
        elif char in _INVISIBLE:
            if _belongs(char, kept[-1] if kept else " ", text[place + 1 : place + 2]):
                kept.append(char)
        # A mark with nothing under it would be drawn on whatever stands before the answer.
        elif unicodedata.category(char) not in _MARKS or (kept and kept[-1] not in " \n"):
            kept.append(char)
    return "".join(kept)


def unusable(text: str) -> tuple[str, str] | None:
    """The first character in *text* that is no text, and what it is called; None when all of it can be shown.

    Control characters, halves of characters, what only one machine can draw (private use), U+FFFD, which says that
    an encoding went wrong on the way, and more marks on one letter than any script has.
    """
    if _PLAIN.fullmatch(text):
        return None
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in _MARKS else 0
        if kind in _NEVER_TEXT:
            return char, "改行" if char == "\n" else _NEVER_TEXT[kind]
        if char == "\ufffd" or char in _NO_CHARACTER:
            return char, "文字化け"
        if marks > _MOST_MARKS:
            return char, "重なった記号"
    return None


def with_names(text: str) -> str:
    """*text* as it was typed, for people to read: in place of what they cannot see stands its number, `⟨U+202E⟩`."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(f"⟨U+{ord(char):04X}⟩" if char in _NAMED else char for char in text)


def _belongs(mark: str, before: str, after: str) -> bool:
    """Whether *mark*, which is itself invisible, changes how the character *before* it looks."""
    if mark == _ZWJ:
        return unicodedata.category(after or " ") == "So" and (before == "\ufe0f" or _is_symbol(before))
    if "\ufe00" <= mark <= "\ufe0f":
        # Of ideographs there are three standardised variants; emoji have the last two selectors.
        return mark <= "\ufe02" if _is_ideograph(before) else _is_symbol(before) or after == "\u20e3"
    return "\U000e0100" <= mark <= "\U000e01ef" and _is_ideograph(before)


def _is_ideograph(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _IDEOGRAPHS)


def _is_symbol(char: str) -> bool:
    return char > "\x7f" and unicodedata.category(char) in {"So", "Sm", "Sk", "Po", "Pd"}
