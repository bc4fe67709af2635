"""The keyed hashes under which terms are stored: without the key nobody can say what a hash stands for.

A key belongs to one key of the desk. After a rotation both are known: new cases are written under the newest, and a
question is asked under each.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from services.dashboard.domain.search_terms import Query, Term, terms_of_query

_BYTES: Final = 4
"""Short on purpose: the index is smaller. Two terms seldom share a hash, and cases are opened and checked."""


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody searches for. `asked`: lists of hashes; a case that has all of any one list may be an answer.

    The text and its hashes are never apart: with the text alone, every case would be found.
    """

    text: str
    asked: tuple[tuple[int, ...], ...]


class SearchKeys:
    """Hashes terms under the keys of the index: `{id of the desk's key: 32 secret bytes}`, the oldest first."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self.newest = list(self._keys)[-1]
        """The id of the key that new cases are indexed under: to be kept beside the hashes."""

    @property
    def ids(self) -> tuple[str, ...]:
        """A case that was indexed under any other cannot be found, until it is indexed anew."""
        return tuple(self._keys)

    def of_case(self, terms: Collection[Term]) -> list[int]:
        """What is stored of *terms*, in the order of the hashes, which says nothing of where a piece stood."""
        return sorted({_hashed(self._keys[self.newest], term) for term in terms})

    def search(self, text: str) -> Search | None:
        """What *text* asks for; None when it is empty."""
        return Search(text, tuple(map(tuple, self.of_query(terms_of_query(text))))) if text else None

    def of_query(self, query: Query) -> Iterator[list[int]]:
        """Lists of hashes: a case that has all of any one list may be an answer."""
        for key in self._keys.values():
            for reading in query.readings:
                yield sorted({_hashed(key, term) for term in reading.terms})


def _hashed(key: bytes, term: Term) -> int:
    plain = f"{term.field}\0{term.text}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(plain, key=key, digest_size=_BYTES).digest(), "big", signed=True)
