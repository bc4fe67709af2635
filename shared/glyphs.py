"""What the fonts of our papers can print: whoever sets a paper asks before, as Typst names one missing character a run.

Only texts from outside are changed here (a customer's, or another service's). A text of a product that cannot be
printed is found when the product is read (`shared.products.documents`).
"""

import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import regex

from shared.font_file import FontFile, read_font

UNPRINTABLE: Final = "〓"
"""The sign that Japanese typesetters print in place of a missing character."""
MAY_BREAK: Final = "\u200b"
"""ZERO WIDTH SPACE, after each character of a word that is too long for a line: the line may end there."""
LONGEST_WORD_EM: Final = 18
"""What fits on a line of the narrowest place for a customer's text: 90 mm at 13 pt, in the head of the 見積書."""

_ALIKE: Final = dict(zip("≒☐⬜◻☑⬛◼✔✅✗✘☓❌❎✖✕☒⭕", "≈□□□■■■✓✓××××××××○", strict=True))
"""≒ is the only character that every Japanese keyboard can type (JIS X 0208) and Noto Sans JP lacks.

Of ☑ and ☐ a paper must say which was ticked: in Japan ■ is the ticked one beside □.
"""
_MOST_MARKS: Final = 4
"""More accents than this on one letter are no writing: they would be stacked over the lines above."""
_LINE_ENDS: Final = regex.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_CLUSTER: Final = regex.compile(r"\X")
# Of the format characters only those without a shape: U+0600 and its like are seen.
_INVISIBLE: Final = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}\ufff9-\ufffb]+")
_MARK: Final = regex.compile(r"\p{M}")
_VARIANTS: Final = range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)
# Not the small kana and ー: no line may begin with them. 〓 breaks as an ideograph does.
_IDEOGRAPH: Final = rf"[\p{{Han}}{UNPRINTABLE}ぁ-んァ-ン--々〻ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ]"
_BREAKS: Final = regex.compile(rf"(?V1)([\s--\u00a0\u2007\u202f]+|(?<={_IDEOGRAPH})(?={_IDEOGRAPH}))")
_NOT_PLAIN: Final = regex.compile(r"[^\n -~、-〗〝-〟ぁ-んァ-ー\u4e00-\u9fff！-～]")


@dataclass(frozen=True, slots=True)
class Characters:
    """A set of characters: a bit for each code point, because 17,000 texts of one character take megabytes."""

    bits: bytes

    @classmethod
    def of(cls, codes: Collection[int]) -> "Characters":
        """Those with these code points."""
        bits = bytearray(max(codes, default=0) // 8 + 1)
        for code in codes:
            bits[code // 8] |= 1 << code % 8
        return cls(bytes(bits))

    def __contains__(self, sign: str) -> bool:
        place, bit = divmod(ord(sign), 8)
        return place < len(self.bits) and bool(self.bits[place] >> bit & 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """The characters of the fonts in a folder."""

    families: tuple[Characters, ...]
    """Of each family of fonts, such as Noto Sans JP, the characters that all its weights have."""
    widths_em: "array[float]"
    """By code point, of the widest weight."""
    widest_em: float
    """Of all of them."""
    variants: Mapping[str, Characters]
    """By the variation selector: the ideographs that it changes in all weights of a family."""

    def printable(self, text: str) -> str:
        """*text* without what cannot be seen, and with `UNPRINTABLE` for each grapheme cluster that cannot be printed.

        Line ends become LF and tabs blanks. An unknown variant of an ideograph is printed as the ideograph. A cluster
        is replaced whole (UAX #29): with the keycap of "1️⃣" alone gone, its digit could not be printed either.
        """
        text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
        if self._is_plain(text):
            return text
        return "".join(self._cluster(match[0]) for match in _CLUSTER.finditer(text))

    def can_print(self, text: str) -> bool:
        """Whether no character of *text* is printed as `UNPRINTABLE`."""
        clusters = dict.fromkeys(() if self._is_plain(text) else _CLUSTER.findall(text))
        return not any(cluster != UNPRINTABLE == self._cluster(cluster) for cluster in clusters)

    def plain(self, text: str) -> str:
        """*text* with nothing but kana, the common ideographs and ASCII: what any Japanese font can print."""
        return _NOT_PLAIN.sub(UNPRINTABLE, unicodedata.normalize("NFC", self.printable(text)))

    def missing(self, text: str) -> str:
        """The characters of *text* that the fonts lack."""
        return "".join(sorted(sign for sign in set(text) if not self._has(sign) and sign != "\n"))

    def breakable(self, text: str) -> str:
        """*text* with `MAY_BREAK` inside words that are wider than a line, such as 100 letters without a blank."""
        return "".join(map(self._broken, _BREAKS.split(text)))

    def width_em(self, text: str) -> float:
        """How wide *text* is on one line; what the fonts lack has no width."""
        return sum(self.widths_em[code] for code in map(ord, text) if code < len(self.widths_em))

    def _has(self, sign: str) -> bool:
        return any(sign in family for family in self.families)

    def _is_plain(self, text: str) -> bool:
        """Whether *text* is printed as it is, without a look at its clusters."""
        return not (self.missing(text) or _MARK.search(text) or _INVISIBLE.search(text.replace("\n", "")))

    def _cluster(self, cluster: str) -> str:
        if cluster.isspace():
            return " " if self.missing(cluster) else cluster
        seen = "".join(self._seen(cluster))
        for way in (seen, unicodedata.normalize("NFC", seen), _ALIKE.get(seen, seen)):
            if self._is_in_one_font(_without_variants(way)) and len(_MARK.findall(way)) <= _MOST_MARKS:
                return way
        return UNPRINTABLE

    def _is_in_one_font(self, cluster: str) -> bool:
        """A mark is placed by the font of its letter, so both must come from the same."""
        return any(all(sign in family for sign in cluster) for family in self.families)

    def _seen(self, cluster: str) -> Iterator[str]:
        base = ""
        for sign in cluster:
            if _is_variant(sign):
                if base and sign in self.variants and base in self.variants[sign]:
                    yield sign
            elif not _INVISIBLE.fullmatch(sign):
                yield sign
            base = sign

    def _broken(self, word: str) -> str:
        # Nearly every piece of a Japanese text is one character: nobody need look how wide it is.
        if len(word) * self.widest_em <= LONGEST_WORD_EM or self.width_em(word) <= LONGEST_WORD_EM:
            return word
        return "".join(cluster + MAY_BREAK for cluster in _CLUSTER.findall(word))


def _is_variant(sign: str) -> bool:
    return any(ord(sign) in selectors for selectors in _VARIANTS)


def _without_variants(text: str) -> str:
    return "".join(sign for sign in text if not _is_variant(sign))


@cache
def read_glyphs(folder: Path) -> Glyphs:
    """The glyphs of all fonts in *folder*, read once. Their files are called `<family>_<weight>.ttf`."""
    families: dict[str, list[FontFile]] = defaultdict(list)
    for path in sorted(folder.glob("*.ttf")):
        families[path.stem.partition("_")[0]].append(read_font(path))
    codes = [set.intersection(*(set(weight.widths_em) for weight in weights)) for weights in families.values()]
    widths_em = array("d", bytes(8 * (max(map(max, codes)) + 1)))
    for code in set().union(*codes):
        widths_em[code] = max(weight.widths_em.get(code, 0) for weights in families.values() for weight in weights)
    variants: dict[int, set[int]] = defaultdict(set)
    for weights in families.values():
        for selector, ideographs in weights[0].variants.items():
            others = (weight.variants.get(selector, frozenset()) for weight in weights)
            variants[selector] |= ideographs.intersection(*others)
    return Glyphs(
        families=tuple(map(Characters.of, codes)),
        widths_em=widths_em,
        widest_em=max(widths_em),
        variants={chr(selector): Characters.of(ideographs) for selector, ideographs in variants.items()},
    )
