"""The search in MongoDB: an index over the hashed terms of cases, and the filter that asks it.

A case has its hashes in `terms` and the id of the key that they were made with in `terms_key`.
Docs: docs/adr/0017-search-in-sealed-cases.md.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from shared.runtime.adapters.mongo import Document

TERMS_INDEX: Final = {"terms": 1, "accepted_at": -1}
"""So the newest cases with a term are read first. Without `_id` behind it: the index would be four times as large."""


def terms_filter(asked: Iterable[Sequence[int]], among: Document) -> Document:
    """The cases of *among*, a filter, that have all hashes of any one of the lists in *asked*; none without a list.

    MongoDB finds out which hash is the rarest in each way, if `$or` stands alone. So *among* is repeated in each:
    beside `$or` it would lead to an index of its own, and every case in that would be read.
    """
    ways = [{"terms": {"$all": list(hashes)}, **among} for hashes in asked]
    return {"$or": ways} if ways else {"terms": {"$in": []}}


def unfindable_filter(known: Sequence[str]) -> Document:
    """The cases that were indexed with a key that is not among those *known*, or not at all: no search finds them."""
    return {"terms_key": {"$nin": list(known)}}
