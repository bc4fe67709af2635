"""MongoDB, the ledger. Motor is imported in files of this name only (docs/adr/0006-motor.md).

Facts are insert-only documents with deterministic ids, so a duplicate key means "already done": the only
once-only decision that is safe under concurrent redelivery. "Look, then write" is not.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo.errors import (
    ConnectionFailure,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WTimeoutError,
)

from shared.errors import MitsumoriError, Unavailable
from shared.runtime.outbox import OutboxEntry

Document = dict[str, Any]
Database = AsyncIOMotorDatabase[Document]
Collection = AsyncIOMotorCollection[Document]

_AWAY = (ConnectionFailure, WTimeoutError, ExecutionTimeout, WaitQueueTimeoutError)
# Not primary, shutting down, stepping down, disk full: the server says "not now", not "never".
_AWAY_CODES = frozenset({91, 189, 10107, 11600, 11602, 13435, 13436, 14031, 24, 50, 64, 112, 262})


_INDEX = "relay_due"


class Clash(MitsumoriError):
    """Another document already has this value in a unique field (named in the text)."""


@asynccontextmanager
async def connect(uri: str, database: str) -> AsyncIterator[Database]:
    """*database* with writes that survive a crash of the primary: majority, journalled. Closed at the end."""
    client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
        uri,
        tz_aware=True,
        w="majority",
        journal=True,
        wTimeoutMS=5_000,
        readConcernLevel="majority",
        # A person waits for the answer, and each wait holds one of Motor's few threads.
        serverSelectionTimeoutMS=500,
        connectTimeoutMS=500,
        waitQueueTimeoutMS=2_000,
        socketTimeoutMS=10_000,
    )
    try:
        yield client[database]
    finally:
        client.close()


@contextmanager
def mongo_errors() -> Iterator[None]:
    """Raise `Unavailable` for whatever the world has to mend; leave bugs as they are."""
    try:
        yield
    except _AWAY as error:
        raise Unavailable("mongo") from error
    except OperationFailure as error:
        if error.code in _AWAY_CODES:
            raise Unavailable("mongo") from error
        raise


async def insert_once(collection: Collection, document: Document) -> bool:
    """Keep *document* for good. False: its `_id` was there already, whoever wrote it.

    An unknown outcome (the connection broke after the write) is settled by reading the id again; it counts as
    "there already". Raises `Clash` when another unique field is taken, `Unavailable` when Mongo is away.
    """
    try:
        with mongo_errors():
            await collection.insert_one(document)
    except DuplicateKeyError as error:
        taken = list((error.details or {}).get("keyPattern", {"_id": 1}))
        if taken != ["_id"]:
            raise Clash(",".join(taken)) from None
        return False
    except Unavailable as error:
        if isinstance(error.__cause__, ServerSelectionTimeoutError):
            raise  # Nothing was sent, so there is nothing to look up.
        with mongo_errors():
            if await collection.find_one({"_id": document["_id"]}, {"_id": 1}) is None:
                raise
        return False
    return True


class MongoOutbox:
    """The unsent events inside the documents of *collections*: an `Outbox`. Only the relay writes `relay.*`."""

    def __init__(self, database: Database, collections: Sequence[str]) -> None:
        self._collections = {name: database[name] for name in collections}

    async def prepare(self) -> None:
        """Index what is pending, so that polling an old ledger costs the same as polling a new one."""
        with mongo_errors():
            for collection in self._collections.values():
                await collection.create_index(
                    {"relay.due": 1}, name=_INDEX, partialFilterExpression={"relay.state": "pending"}
                )

    async def due(self, now: datetime, limit: int) -> list[OutboxEntry]:
        """At most *limit* per collection, oldest first."""
        found = []
        with mongo_errors():
            for name, collection in self._collections.items():
                pending = {"relay.state": "pending", "relay.due": {"$lte": now}}
                cursor = collection.find(pending, {"relay": 1}).sort("relay.due", 1).limit(limit)
                found += [_entry(name, document) async for document in cursor]
        return found

    async def pending(self) -> tuple[int, datetime | None]:
        """How many wait, and since when the oldest of them has been true."""
        count, oldest = 0, None
        with mongo_errors():
            for collection in self._collections.values():
                count += await collection.count_documents({"relay.state": "pending"}, hint=_INDEX)
                first = await collection.find_one(
                    {"relay.state": "pending"}, {"relay.time": 1}, sort=[("relay.due", 1)]
                )
                if first and (oldest is None or first["relay"]["time"] < oldest):
                    oldest = first["relay"]["time"]
        return count, oldest

    async def sent(self, events: Sequence[OutboxEntry]) -> None:
        """They are on the topic. Idempotent, so two relays are harmless."""
        by_collection: dict[str, list[str]] = defaultdict(list)
        for event in events:
            by_collection[event.collection].append(event.document_id)
        with mongo_errors():
            for name, ids in by_collection.items():
                pending = {"_id": {"$in": ids}, "relay.state": "pending"}
                await self._collections[name].update_many(pending, {"$set": {"relay.state": "sent"}})

    async def postpone(self, event: OutboxEntry, until: datetime) -> None:
        """It could not be published; try again at *until*."""
        await self._set(event, {"relay.due": until, "relay.tries": event.tries + 1})

    async def park(self, event: OutboxEntry) -> None:
        """It can never be published (too large); a person must look."""
        await self._set(event, {"relay.state": "parked"})

    async def _set(self, event: OutboxEntry, fields: Mapping[str, Any]) -> None:
        with mongo_errors():
            await self._collections[event.collection].update_one(
                {"_id": event.document_id, "relay.state": "pending"}, {"$set": dict(fields)}
            )


def _entry(collection: str, document: Document) -> OutboxEntry:
    relay = document["relay"]
    return OutboxEntry(
        collection=collection,
        document_id=document["_id"],
        topic=relay["topic"],
        key=relay["key"],
        headers=relay["headers"],
        body=relay["body"].encode(),
        tries=relay["tries"],
    )


class MongoDeadLetters:
    """Records that can never be worked on, unaltered, one document each: `DeadLetters`."""

    def __init__(self, database: Database) -> None:
        self._letters = database["dead_letters"]

    async def add(self, letter: Document) -> bool:
        """False when this very record was set aside before."""
        return await insert_once(self._letters, letter)

    async def open(self) -> int:
        """How many there are."""
        with mongo_errors():
            return await self._letters.count_documents({})
