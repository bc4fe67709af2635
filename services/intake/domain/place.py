"""A place in Japan as its postal code names it, and how a typed address is compared with it.

Only prefecture and city are compared: below them the same place is written in too many ways (大字, 丁目, the street
names of 京都).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from shared.kanji_forms import usual_form

PREFECTURE: Final = re.compile(
    "北海道|東京都|京都府|大阪府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野"
    "|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎"
    "|鹿児島|沖縄)県"
)
_DISTRICT: Final = re.compile("^(?:.{1,6}?郡|三宅島|八丈島)(?=.+[町村]$)")
"""Japan Post writes 三宅島三宅村 and 八丈島八丈町; the two themselves leave the island out."""
_WARD: Final = re.compile("(.{1,6}?市)(.{1,4}区)")
_LOT: Final = re.compile("[0-9]|[一二三四五六七八九十]{1,3}丁目")
_LATIN_WORD: Final = re.compile("[A-Za-z]{2}")
_JAPANESE: Final = re.compile("(?![丁目番地号階])[ぁ-ヿ㐀-鿿]")
_WRITTEN_ALIKE: Final = str.maketrans({"ヶ": "ケ", "が": "ケ", "ガ": "ケ", "之": "ノ", "の": "ノ", " ": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """As far as a postal code determines it. `town` is empty where the code stands for the rest of a city."""

    prefecture: str
    city: str
    town: str
    is_building: bool = False
    """Whether `town` ends in the name of a high building, which has codes of its own: 霞が関霞が関ビル."""

    def __str__(self) -> str:
        return f"{self.prefecture}{self.city}{self.town}"


def agrees(address: str, places: Iterable[Place]) -> bool:
    """Whether *address*, prefecture included, lies in the city of one of *places*. 郡 and island are often left out."""
    typed = comparable(address)
    return any(comparable(place.prefecture + city) in typed for place in places for city in _cities(place))


def names_prefecture(address: str) -> bool:
    """Whether a 都道府県 stands in *address*."""
    return PREFECTURE.search(usual_form(address)) is not None


def completed(address: str, places: Sequence[Place]) -> str | None:
    """*address* with what is missing in front, where the places of its postal code leave no doubt what that is."""
    found = {whole for place in places if (whole := _completed(address, place))}
    return found.pop() if len(found) == 1 else None


def _completed(address: str, place: Place) -> str | None:
    given = PREFECTURE.match(address)
    if given is not None and given[0] != place.prefecture:
        return None
    rest = address[given.end() :].lstrip(" ") if given else address
    typed = comparable(rest)
    for begins, missing in _beginnings(place):
        if typed.startswith(comparable(begins)):
            return f"{place.prefecture}{missing}{rest}"
    # Nothing but 9-8-7 or 三丁目: whatever the code says is missing. The name of a building belongs behind it.
    return f"{place}{rest}" if _LOT.match(rest) and not place.is_building and not _is_english(rest) else None


def _is_english(rest: str) -> bool:
    """Whether *rest* has words, none of them Japanese: 1-2-3 Kasumigaseki, Chiyoda-ku lacks nothing in front."""
    return _LATIN_WORD.search(rest) is not None and not _JAPANESE.search(rest)


def _beginnings(place: Place) -> Iterator[tuple[str, str]]:
    """With what an incomplete address here may begin, and what is missing before it."""
    yield from ((city, "") for city in _cities(place))
    if ward := _WARD.fullmatch(place.city):
        yield ward[2], ward[1]
    if place.town:
        yield place.town, place.city


def _cities(place: Place) -> tuple[str, str]:
    return place.city, _DISTRICT.sub("", place.city)


def comparable(text: str) -> str:
    """*text* in the one way of writing that stands for all: kanji in one form, ヶ and が as ケ."""
    return usual_form(text).translate(_WRITTEN_ALIKE)
