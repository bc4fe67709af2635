"""The outbox and its relay: an event is kept inside the document that makes it true, and published from there.

Nobody publishes to Kafka on a request path. Kafka may be away, or lose everything: each event is still in the
ledger (docs/adr/0001-ledger-and-outbox.md). A relay may publish an event twice, with the same `ce_id`; any number
of relays may run.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from prometheus_client import Counter, Gauge

from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.events import Envelope, Event, event_id
from shared.runtime.telemetry import current_traceparent
from shared.runtime.waiting import Backoff, wait_for

log = structlog.get_logger(__name__)

PUBLISHED = Counter("relay_publish_total", "Events handed to Kafka", ["outcome"])
PENDING = Gauge("outbox_pending", "Events that Kafka has not acknowledged yet")
OLDEST = Gauge("outbox_oldest_age_seconds", "How long the oldest of them has waited")

BATCH = 100
POLL_S = 0.5
MEASURE_S = 5.0
BACK_OFF = Backoff((0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0))

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


@dataclass(frozen=True, slots=True)
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
        """Those that may be tried now, oldest first."""
        ...

    async def pending(self) -> tuple[int, datetime | None]:
        """How many wait, and since when the oldest."""
        ...

    async def sent(self, events: Sequence[OutboxEntry]) -> None:
        """Kafka has them. May be forgotten in a crash: then they are published again, under the same ids."""
        ...

    async def postpone(self, event: OutboxEntry, until: datetime) -> None:
        """Not before *until*."""
        ...

    async def park(self, event: OutboxEntry) -> None:
        """Never again by itself."""
        ...


Publish = Callable[[OutboxEntry], Awaitable[None]]
"""Returns when Kafka has acknowledged. Raises `Unavailable` (later, perhaps) or `Invalid` (never)."""


class Relay:
    """Publishes what the outbox holds: at once when nudged, and every half second in any case."""

    def __init__(self, outbox: Outbox, publish: Publish, now: Clock) -> None:
        self._outbox = outbox
        self._publish = publish
        self._now = now
        self._woken = asyncio.Event()

    def nudge(self) -> None:
        """There is something new to publish."""
        self._woken.set()

    async def run(self) -> None:
        """Relay until cancelled. A ledger that is away is waited for."""
        while True:
            self._woken.clear()
            try:
                more = await self.turn() >= BATCH
            except Unavailable as error:
                log.warning("relay waits", reason=str(error))
                more = False
            if not more:
                await wait_for(self._woken, POLL_S)

    async def turn(self) -> int:
        """Try everything that is due once; how much that was."""
        due = await self._outbox.due(self._now(), BATCH)
        by_key: dict[str, list[OutboxEntry]] = defaultdict(list)
        for event in due:
            by_key[event.key].append(event)
        # In order within a request, side by side across requests.
        done = await asyncio.gather(*(self._relay(events) for events in by_key.values()), return_exceptions=True)
        sent = [event for events in done if not isinstance(events, BaseException) for event in events]
        if sent:
            PUBLISHED.labels("sent").inc(len(sent))
            await self._outbox.sent(sent)
        for error in done:
            if isinstance(error, BaseException):
                raise error
        return len(due)

    async def measure(self) -> None:
        """Tell the metrics how much waits, and for how long, every few seconds until cancelled."""
        while True:
            with suppress(Unavailable):
                count, oldest = await self._outbox.pending()
                PENDING.set(count)
                OLDEST.set((self._now() - oldest).total_seconds() if oldest else 0)
            await asyncio.sleep(MEASURE_S)

    async def _relay(self, events: list[OutboxEntry]) -> list[OutboxEntry]:
        """Publish the events of one request; those that Kafka has."""
        sent: list[OutboxEntry] = []
        for position, event in enumerate(events):
            try:
                await self._publish(event)
            except Invalid as error:
                PUBLISHED.labels("parked").inc()
                log.error("event parked", request_id=event.key, topic=event.topic, reason=str(error))  # noqa: TRY400  # the reason says it all
                await self._outbox.park(event)
            except Unavailable as error:
                PUBLISHED.labels("postponed").inc()
                log.warning("event postponed", request_id=event.key, topic=event.topic, reason=str(error))
                until = self._now() + timedelta(seconds=BACK_OFF.after(event.tries))
                for late in events[position:]:  # the later events of this request must not overtake it
                    await self._outbox.postpone(late, until)
                break
            else:
                sent.append(event)
        return sent
