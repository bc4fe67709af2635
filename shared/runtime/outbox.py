"""The outbox: an event waits in the same document as the data it announces, until Kafka has it.

No request waits for Kafka. Kafka may be down, or lose everything: each event is still in MongoDB
(docs/adr/0001-ledger-and-outbox.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from pydantic import TypeAdapter

from shared.errors import Unavailable
from shared.events import TOPICS, Envelope, Event, event_id
from shared.runtime.telemetry import current_traceparent

OWN_FOR: Final = timedelta(seconds=2)
"""A new event is left for so long to the process that has stored it. Then whoever looks for events finds it."""


def outbox_fields(
    event: Event, *, document_id: str, source: str, time: datetime, held_for: timedelta | None = None
) -> dict[str, Any]:
    """The `relay` field for the document whose data *event* announces. *time* is when that happened.

    It also keeps the current trace. Until the event is due it is published by whoever has stored it. With *held_for*
    it is published by nobody before that time is over: until a relay takes it up, its document is `revocable`.
    """
    envelope = Envelope(
        id=event_id(document_id, event.type),
        type=event.type,
        source=source,
        subject=event.request_id,
        time=time,
        traceparent=current_traceparent(),
    )
    return {
        "state": "pending",
        "due": time + (OWN_FOR if held_for is None else held_for),
        **({"revocable": True} if held_for else {}),
        "time": time,
        "tries": 0,
        "topic": event.topic,
        "key": event.request_id,
        "headers": envelope.headers(),
        "body": event.to_text(),
    }


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where on its topic Kafka has put a record."""

    partition: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """An event that waits for Kafka, and where it is kept. `place`: where it is on its topic, once Kafka has it."""

    collection: str
    document_id: str
    topic: str
    key: str
    headers: Mapping[str, str]
    body: bytes
    tries: int
    place: RecordPlace | None = None


_ENTRY: Final = TypeAdapter(OutboxEntry)

Announce = Callable[[OutboxEntry], None]
"""Hands a new event to the relay of this process, which publishes it at once. Others find it after `OWN_FOR`."""


def outbox_entry(collection: str, document: Mapping[str, Any]) -> OutboxEntry:
    """The event in *document* of *collection*, under its field `relay`.

    Raises `ValueError` where it holds no event that can be published.
    """
    entry = _ENTRY.validate_python({**document["relay"], "collection": collection, "document_id": document["_id"]})
    if entry.topic not in TOPICS:
        raise ValueError(entry.topic)
    return entry


def new_entry(collection: str, document: Mapping[str, Any]) -> OutboxEntry:
    """As `outbox_entry`, for a document whose `relay` this process has just made (`outbox_fields`): unchecked."""
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


class KafkaAway(Unavailable):
    """Nothing can be published: there is no connection. It says nothing of the event that was tried."""


class Outbox(Protocol):
    """The store of unsent events. Every method raises `Unavailable` when it cannot be reached."""

    async def due(self, now: datetime, limit: int) -> list[OutboxEntry]:
        """At most *limit* events that may be tried now, oldest first."""
        ...

    async def pending(self) -> tuple[int, datetime | None]:
        """How many events wait, and the time of the oldest."""
        ...

    async def mark_sent(self, events: Sequence[OutboxEntry]) -> None:
        """Note that Kafka has *events*, and at which places. Safe to repeat.

        After a crash just before this call they are published again, with the same ids.
        """
        ...

    async def postpone(self, event: OutboxEntry, until: datetime) -> None:
        """Note that *event* could not be published: it is not due again before *until*."""
        ...

    async def park(self, event: OutboxEntry) -> None:
        """Note that *event* can never be published (too large): it is never due again, and a person must look at it."""
        ...
