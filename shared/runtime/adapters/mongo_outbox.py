"""The outbox in MongoDB: each event waits in the field `relay` of the document whose data it announces."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from pymongo import UpdateOne

from shared.runtime.adapters.mongo import Collection, Database, Document, mongo_errors, tolerant
from shared.runtime.outbox import OutboxEntry, outbox_entry

log = structlog.get_logger(__name__)

_INDEX = "relay_due"


class MongoOutbox:
    """The unsent events in the documents of *collections*: implements `Outbox`.

    Only the relay writes `relay.*`, and the reconciler of what was sent (mongo_sent_events.py).
    """

    def __init__(self, database: Database, collections: Sequence[str]) -> None:
        self._collections = {
            name: database.get_collection(name, codec_options=tolerant(database)) for name in collections
        }

    async def prepare(self) -> None:
        """Create an index of the pending events, so that polling a large old collection is as quick as a new one."""
        with mongo_errors():
            for collection in self._collections.values():
                await collection.create_index(
                    {"relay.due": 1}, name=_INDEX, partialFilterExpression={"relay.state": "pending"}
                )

    async def due(self, now: datetime, limit: int) -> list[OutboxEntry]:
        """At most *limit* per collection, oldest first."""
        due = []
        with mongo_errors():
            for name, collection in self._collections.items():
                pending = {"relay.state": "pending", "relay.due": {"$lte": now}}
                cursor = collection.find(pending, {"relay": 1}).sort("relay.due", 1).limit(limit)
                found = await self._taken_up(collection, pending, await cursor.to_list(None))
                due += [entry for document in found if (entry := await self._read(name, document))]
        return due

    async def _taken_up(self, collection: Collection, pending: Document, found: list[Document]) -> list[Document]:
        """*found* as it is once none of it can be taken back any more.

        One update decides, so no clock has to agree with another one, and a process that stood still does no harm.
        Then it is read again: what was taken back in between may hold another event, in the same document.
        """
        held = [document["_id"] for document in found if document["relay"].get("revocable")]
        if not held:
            return found
        of_held = {"_id": {"$in": held}, **pending}
        await collection.update_many(of_held, {"$unset": {"relay.revocable": ""}})
        again = await collection.find(of_held, {"relay": 1}).to_list(None)
        return [document for document in found if document["_id"] not in held] + again

    async def pending(self) -> tuple[int, datetime | None]:
        """Counts in the index of the pending events."""
        count, oldest = 0, None
        with mongo_errors():
            for collection in self._collections.values():
                count += await collection.count_documents({"relay.state": "pending"}, hint=_INDEX)
                first = await collection.find_one(
                    {"relay.state": "pending"}, {"relay.time": 1}, sort=[("relay.due", 1)]
                )
                time = first and first["relay"].get("time")
                if isinstance(time, datetime) and (oldest is None or time < oldest):
                    oldest = time
        return count, oldest

    async def mark_sent(self, events: Sequence[OutboxEntry]) -> None:
        """Changes only what is still pending, so two relays do no harm. One command for each collection."""
        by_collection: dict[str, list[OutboxEntry]] = defaultdict(list)
        for event in events:
            by_collection[event.collection].append(event)
        with mongo_errors():
            for name, of_collection in by_collection.items():
                await self._collections[name].bulk_write([_sent(event) for event in of_collection], ordered=False)

    async def postpone(self, event: OutboxEntry, until: datetime) -> None:
        """Also counts the try."""
        await self._set(event.collection, event.document_id, {"relay.due": until, "relay.tries": event.tries + 1})

    async def park(self, event: OutboxEntry) -> None:
        """Keeps the event in its document, with the state `parked`."""
        await self._set(event.collection, event.document_id, {"relay.state": "parked"})

    async def _read(self, collection: str, document: Document) -> OutboxEntry | None:
        """None for a damaged document, which is parked: it must not keep the events of the others waiting."""
        try:
            return outbox_entry(collection, document)
        except ValueError as error:
            facts = {"collection": collection, "document_id": str(document["_id"]), "reason": type(error).__name__}
            log.error("event parked", **facts)  # noqa: TRY400  # a traceback would show what is in the document
            await self._set(collection, document["_id"], {"relay.state": "parked"})
            return None

    async def _set(self, collection: str, document_id: str, fields: Mapping[str, Any]) -> None:
        with mongo_errors():
            await self._collections[collection].update_one(
                {"_id": document_id, "relay.state": "pending"}, {"$set": dict(fields)}
            )


def _sent(event: OutboxEntry) -> UpdateOne:
    place = {"relay.partition": event.place.partition, "relay.offset": event.place.offset} if event.place else {}
    return UpdateOne({"_id": event.document_id, "relay.state": "pending"}, {"$set": {"relay.state": "sent", **place}})
