"""The outbox: an event waits in the same document as the data it announces, until Kafka has it.

No request waits for Kafka. Kafka may be down, or lose everything: each event is still in MongoDB
(docs/adr/0001-ledger-and-outbox.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.events import Envelope, Event, event_id
from shared.runtime.telemetry import current_traceparent

Nudge = Callable[[], None]
"""Tells the relay of a new event, so that it publishes at once. Without a nudge it finds the event when it polls."""


def outbox_fields(event: Event, *, document_id: str, source: str, time: datetime) -> dict[str, Any]:
    """The `relay` field for the document whose data *event* announces. *time* is when that happened.

    It also keeps the current trace.
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
        "due": time,
        "time": time,
        "tries": 0,
        "topic": event.topic,
        "key": event.request_id,
        "headers": envelope.headers(),
        "body": event.to_json().decode(),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """An event that waits for Kafka, and where it is kept."""

    collection: str
    document_id: str
    topic: str
    key: str
    headers: Mapping[str, str]
    body: bytes
    tries: int


class Outbox(Protocol):
    """The store of unsent events. Every method raises `Unavailable` when it cannot be reached."""

    async def due(self, now: datetime, limit: int) -> list[OutboxEntry]:
        """At most *limit* events that may be tried now, oldest first."""
        ...

    async def pending(self) -> tuple[int, datetime | None]:
        """How many events wait, and the time of the oldest."""
        ...

    async def mark_sent(self, events: Sequence[OutboxEntry]) -> None:
        """Note that Kafka has *events*. Safe to repeat.

        After a crash just before this call they are published again, with the same ids.
        """
        ...

    async def postpone(self, event: OutboxEntry, until: datetime) -> None:
        """Note that *event* could not be published: it is not due again before *until*."""
        ...

    async def park(self, event: OutboxEntry) -> None:
        """Note that *event* can never be published (too large): it is never due again, and a person must look at it."""
        ...
