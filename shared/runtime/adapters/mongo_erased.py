"""Which requests are erased, in MongoDB, and what a service holds on a request, named in one list for each service.

The documents are facts, which nothing else ever changes: to erase a request is the one permitted overwrite
(docs/adr/0030-being-forgotten.md).
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.clock import Clock
from shared.runtime.adapters.mongo import Database, Document, mongo_errors
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.waiting import Together

COLLECTION: Final = "erased"
NEVER_PUBLISHED: Final[Document] = {"state": "erased"}
"""In place of an event that had parcels: no relay publishes it, and nothing makes it wait for one again."""


class MongoErased:
    """`Erased` in the collection erased: the id of the request, and since when."""

    def __init__(self, database: Database) -> None:
        self._erased = database[COLLECTION]
        self._together = Together(self._found)

    async def prepare(self) -> None:
        """Create the index by which those of the last minutes are found."""
        with mongo_errors():
            await self._erased.create_index("erased_at")

    async def add(self, request_id: str, at: datetime) -> None:
        """One insert, once."""
        await insert_once(self._erased, {"_id": request_id, "erased_at": at})

    async def among(self, request_ids: Collection[str]) -> frozenset[str]:
        """Those that are asked for at the same moment are looked up together."""
        found = await asyncio.gather(*map(self._together, request_ids))
        return frozenset(one for one, erased in zip(request_ids, found, strict=True) if one in erased)

    async def since(self, at: datetime) -> frozenset[str]:
        """A look by that index."""
        with mongo_errors():
            found = await self._erased.find({"erased_at": {"$gte": at}}, {"_id": 1}).to_list(None)
        return frozenset(document["_id"] for document in found)

    async def _found(self, request_ids: Sequence[str]) -> frozenset[str]:
        with mongo_errors():
            found = await self._erased.find({"_id": {"$in": list(request_ids)}}, {"_id": 1}).to_list(None)
        return frozenset(document["_id"] for document in found)


@dataclass(frozen=True, slots=True)
class Holding:
    """Where a service holds something on a request. `change`: what is done to it; None: the document is deleted.

    `about`: the documents with something in them, of the request with that id. None is left once they are changed.
    """

    collection: str
    about: Callable[[str], Document]
    change: Document | Sequence[Document] | None = None


class MongoHoldings:
    """What a service holds on a request: it is counted and forgotten by the same list. Dead letters are in each."""

    def __init__(self, database: Database, holdings: Sequence[Holding], now: Clock) -> None:
        self._database = database
        self._holdings = holdings
        self._dead_letters = MongoDeadLetters(database)
        self._now = now

    async def count(self, request_id: str) -> Mapping[str, int]:
        """How many documents of each collection hold something."""
        found: dict[str, int] = {}
        with mongo_errors():
            for one in self._holdings:
                count = await self._database[one.collection].count_documents(one.about(request_id))
                found[one.collection] = max(count, found.get(one.collection, 0))
        found["dead_letters"] = await self._dead_letters.count_about(request_id)
        return {name: count for name, count in found.items() if count}

    async def forget(self, request_id: str) -> None:
        """Safe to repeat."""
        with mongo_errors():
            for one in self._holdings:
                collection = self._database[one.collection]
                if one.change is None:
                    await collection.delete_many(one.about(request_id))
                else:
                    await collection.update_many(one.about(request_id), one.change)
        await self._dead_letters.erase(request_id, self._now())
