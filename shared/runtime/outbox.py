"""The outbox: an event is kept inside the document that makes it true, until Kafka has it.

Nobody publishes to Kafka on a request path. Kafka may be away, or lose everything: each event is still in the
ledger (docs/adr/0001-ledger-and-outbox.md).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shared.events import Envelope, Event, event_id
from shared.runtime.telemetry import current_traceparent

Nudge = Callable[[], None]
"""Wakes the relay after an insert; the poll is only the safety net."""


def outbox_fields(event: Event, *, document_id: str, source: str, time: datetime) -> dict[str, Any]:
    """The `relay` field of the document that makes *event* true (at *time*), with the trace that led to it."""
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
    """Where unsent events are kept. Every method raises `Unavailable` when the ledger is away."""

    async def due(self, now: datetime, limit: int) -> list[OutboxEntry]:
        """At most *limit* events that may be tried now, oldest first."""
        ...

    async def pending(self) -> tuple[int, datetime | None]:
        """How many events wait, and since when the oldest of them has been true."""
        ...

    async def mark_sent(self, events: Sequence[OutboxEntry]) -> None:
        """Kafka has them. Safe to repeat. A crash may come before: then they are published again, with the same ids."""
        ...

    async def postpone(self, event: OutboxEntry, until: datetime) -> None:
        """*event* could not be published: it is not due again before *until*."""
        ...

    async def park(self, event: OutboxEntry) -> None:
        """*event* can never be published (too large): it is never due again, and a person must look."""
        ...
