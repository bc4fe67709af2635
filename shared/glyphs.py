"""What the fonts of our papers can print: whoever sets a paper asks before, as Typst names one missing character a run.

Only texts from outside are changed here (a customer's, or another service's). A text of a product that cannot be
printed is found when the product is read (`shared.products.documents`).
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import regex
from fontTools.ttLib import TTFont

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
_VARIATION_SEQUENCES: Final = 14
"""The format of the part of a font's cmap that lists them (OpenType)."""
_VARIANTS: Final = range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)
# Not the small kana and ー: no line may begin with them. 〓 breaks as an ideograph does.
_IDEOGRAPH: Final = rf"[\p{{Han}}{UNPRINTABLE}ぁ-んァ-ン--々〻ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ]"
_BREAKS: Final = regex.compile(rf"(?V1)([\s--\u00a0\u2007\u202f]+|(?<={_IDEOGRAPH})(?={_IDEOGRAPH}))")
_NOT_PLAIN: Final = regex.compile(r"[^\n -~、-〗〝-〟ぁ-んァ-ー\u4e00-\u9fff！-～]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """The characters of the fonts in a folder: `variants` are (ideograph, variation selector).

    `families`: of each family of fonts, such as Noto Sans JP, the characters that all its weights have.
    """

    families: tuple[frozenset[str], ...]
    widths_em: dict[str, float]
    variants: frozenset[tuple[str, str]]

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
        return "".join(sorted(sign for sign in set(text) if sign not in self.widths_em and sign != "\n"))

    def breakable(self, text: str) -> str:
        """*text* with `MAY_BREAK` inside words that are wider than a line, such as 100 letters without a blank."""
        return "".join(map(self._broken, _BREAKS.split(text)))

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
        return any(family.issuperset(cluster) for family in self.families)

    def _seen(self, cluster: str) -> Iterator[str]:
        base = ""
        for sign in cluster:
            if _is_variant(sign):
                if (base, sign) in self.variants:
                    yield sign
            elif not _INVISIBLE.fullmatch(sign):
                yield sign
            base = sign

    def _broken(self, word: str) -> str:
        if sum(self.widths_em.get(sign, 0) for sign in word) <= LONGEST_WORD_EM:
            return word
        return "".join(cluster + MAY_BREAK for cluster in _CLUSTER.findall(word))


def _is_variant(sign: str) -> bool:
    return any(ord(sign) in selectors for selectors in _VARIANTS)


def _without_variants(text: str) -> str:
    return "".join(sign for sign in text if not _is_variant(sign))


@cache
def read_glyphs(folder: Path) -> Glyphs:
    """The glyphs of all fonts in *folder*, read once: it takes a tenth of a second for each large font."""
    weights: dict[str, list[dict[str, float]]] = defaultdict(list)
    variants: dict[str, list[frozenset[tuple[str, str]]]] = defaultdict(list)
    for path in sorted(folder.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            family = font["name"].getBestFamilyName()
            weights[family].append(_widths_em(font))
            variants[family].append(frozenset(_variants(font)))
    families = tuple(frozenset.intersection(*map(frozenset, widths)) for widths in weights.values())
    every_weight = [widths for of_family in weights.values() for widths in of_family]
    return Glyphs(
        families=families,
        widths_em={sign: max(widths.get(sign, 0) for widths in every_weight) for sign in frozenset.union(*families)},
        variants=frozenset().union(*(frozenset.intersection(*of_family) for of_family in variants.values())),
    )


def _widths_em(font: TTFont) -> dict[str, float]:
    metrics, em = font["hmtx"].metrics, font["head"].unitsPerEm
    return {chr(code): metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()}


def _variants(font: TTFont) -> Iterator[tuple[str, str]]:
    for table in font["cmap"].tables:
        if table.format == _VARIATION_SEQUENCES:
            for selector, pairs in table.uvsDict.items():
                yield from ((chr(code), chr(selector)) for code, _glyph in pairs)
