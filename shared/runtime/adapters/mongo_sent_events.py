"""What a service has published, in MongoDB: each event's place on its topic stands in its document's field `relay`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from shared.runtime.adapters.mongo import Database, Document, long_work, mongo_errors
from shared.runtime.topic_ends import Lost

_INDEX: Final = "relay_place"
_PLACED: Final[Document] = {"relay.offset": {"$exists": True}}
_SENT: Final[Document] = {"relay.state": "sent"}
_SET_PENDING: Final[Document] = {"$set": {"relay.state": "pending"}}
_FORGET_PLACE: Final[Document] = {"$unset": {"relay.partition": "", "relay.offset": ""}}


class MongoSentEvents:
    """The published events in the documents of *collections*: implements `SentEvents`."""

    def __init__(self, database: Database, collections: Sequence[str]) -> None:
        self._collections = [database[name] for name in collections]

    async def prepare(self) -> None:
        """Create an index of the places: after a loss nobody has the time to read through years of events."""
        with long_work():
            for collection in self._collections:
                await collection.create_index(
                    [("relay.partition", 1), ("relay.offset", -1)], name=_INDEX, partialFilterExpression=_PLACED
                )

    async def reached(self) -> Mapping[str, Mapping[int, int]]:
        """Topic → partition → the place after the last one that an event has."""
        reached: dict[str, dict[int, int]] = {}
        with mongo_errors():
            for collection in self._collections:
                partition = -1
                while last := await collection.find_one(
                    {"relay.partition": {"$gt": partition}, **_PLACED},
                    {"relay.topic": 1, "relay.partition": 1, "relay.offset": 1},
                    sort=[("relay.partition", 1), ("relay.offset", -1)],
                ):
                    place: dict[str, Any] = last["relay"]
                    partition = place["partition"]
                    of_topic = reached.setdefault(place["topic"], {})
                    of_topic[partition] = max(of_topic.get(partition, 0), place["offset"] + 1)
        return reached

    async def send_again(self, lost: Lost, since: datetime | None) -> int:
        """They keep their place until they have another, so that one that has none yet is not forgotten."""
        in_place = _within(lost)
        await self._update({**in_place, **_before(since)}, _FORGET_PLACE)
        return await self._update({**in_place, **_SENT}, _SET_PENDING)

    async def send_placeless_again(self, topic: str, since: datetime | None) -> int:
        """Reads through everything: it happens once after a loss."""
        return await self._update({**_SENT, "relay.topic": topic, "relay.offset": None, **_from(since)}, _SET_PENDING)

    async def send_all_again(self, topic: str, since: datetime | None) -> int:
        """Reads through everything, as above."""
        of_topic = {"relay.topic": topic}
        count = await self._update({**_SENT, **of_topic, **_from(since)}, {**_SET_PENDING, **_FORGET_PLACE})
        for left_out in (_before(since), {"relay.state": "parked"}):
            await self._update({**_PLACED, **of_topic, **left_out}, _FORGET_PLACE)
        return count

    async def are_waiting(self, lost: Lost) -> bool:
        """What was parked is not waited for: a person must look at it."""
        waiting = {**_within(lost), "relay.state": "pending"}
        with mongo_errors():
            for collection in self._collections:
                if await collection.find_one(waiting, {"_id": 1}):
                    return True
        return False

    async def _update(self, which: Document, how: Document) -> int:
        count = 0
        with long_work():
            for collection in self._collections:
                count += (await collection.update_many(which, how)).modified_count
        return count


def _before(since: datetime | None) -> Document:
    """With no *since* nothing is too old: no time is before this one."""
    return {"relay.time": {"$lt": since or datetime.min.replace(tzinfo=UTC)}}


def _from(since: datetime | None) -> Document:
    return {"relay.time": {"$gte": since}} if since else {}


def _within(lost: Lost) -> Document:
    return {
        "relay.partition": lost.partition,
        "relay.offset": {"$gte": lost.first, "$lt": lost.end, "$exists": True},
        "relay.topic": lost.topic,
    }
