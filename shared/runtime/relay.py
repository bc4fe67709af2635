"""The relay publishes the events in the outbox (docs/adr/0001-ledger-and-outbox.md).

It may publish an event twice, with the same `ce_id`. Several relays may run at the same time.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import structlog
from prometheus_client import Counter, Gauge

from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.runtime.outbox import Outbox, OutboxEntry
from shared.runtime.waiting import Backoff, wait_for

log = structlog.get_logger(__name__)

PUBLISHED = Counter("relay_publish_total", "Events handed to Kafka", ["outcome"])
PENDING = Gauge("outbox_pending", "Events that Kafka has not acknowledged yet")
OLDEST = Gauge("outbox_oldest_age_seconds", "How long the oldest of them has waited")

BATCH_SIZE = 100
POLL = Backoff((0.5, 1.0, 2.0))
"""How often to look for events that nobody has announced: what other processes or an earlier one have left."""
MARK_AFTER_S = 0.5
"""Events that Kafka has are marked together. Well before `OWN_FOR`, or others would publish them again."""
MEASURE_EVERY_S = 5.0
BACKOFF = Backoff((0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0))

Publish = Callable[[OutboxEntry], Awaitable[None]]
"""Returns when Kafka has acknowledged. Raises `Unavailable` (try again later) or `Invalid` (it never can)."""


class Relay:
    """Publishes the events in the outbox: at once those that this process has stored, and others when it polls."""

    def __init__(self, outbox: Outbox, publish: Publish, now: Clock) -> None:
        self._outbox = outbox
        self._publish = publish
        self._now = now
        self._woken = asyncio.Event()
        self._announced: list[OutboxEntry] = []
        self._unmarked: list[OutboxEntry] = []

    def announce(self, event: OutboxEntry) -> None:
        """Publish *event*, which is stored, without looking for it."""
        self._announced.append(event)
        self._woken.set()

    async def run(self) -> None:
        """Relay until cancelled. While MongoDB cannot be reached, wait for it."""
        loop, empty_polls = asyncio.get_running_loop(), 0
        poll_at = mark_at = loop.time()
        try:
            while True:
                self._woken.clear()
                if not self._unmarked:
                    mark_at = loop.time() + MARK_AFTER_S
                try:
                    await self.publish_announced()
                    if loop.time() >= poll_at:
                        found = await self.publish_due()
                        empty_polls = 0 if found else empty_polls + 1
                        poll_at = loop.time() + (0 if found >= BATCH_SIZE else POLL.after(empty_polls))
                    if loop.time() >= mark_at:
                        await self.mark()
                except Unavailable as error:
                    log.warning("relay waits", reason=str(error))
                    poll_at = mark_at = loop.time() + POLL.after(0)
                next_at = min(poll_at, mark_at) if self._unmarked else poll_at
                await wait_for(self._woken, max(0.0, next_at - loop.time()))
        finally:
            # So that the next start does not publish them again.
            with suppress(Unavailable):
                await self.mark()

    async def publish_announced(self) -> None:
        """Try to publish, once, every event that was announced since the last call."""
        while events := self._announced[:BATCH_SIZE]:
            del self._announced[:BATCH_SIZE]
            await self._publish_all(events)

    async def publish_due(self) -> int:
        """Try to publish every event that is due, once. Returns how many were due."""
        due = await self._outbox.due(self._now(), BATCH_SIZE)
        published = {(event.collection, event.document_id) for event in self._unmarked}
        await self._publish_all([event for event in due if (event.collection, event.document_id) not in published])
        return len(due)

    async def mark(self) -> None:
        """Mark what Kafka has. After a crash before this it is published again, with the same ids."""
        if events := self._unmarked[:]:
            await self._outbox.mark_sent(events)
            del self._unmarked[: len(events)]

    async def _publish_all(self, events: list[OutboxEntry]) -> None:
        by_key: dict[str, list[OutboxEntry]] = defaultdict(list)
        for event in events:
            by_key[event.key].append(event)
        # The events of one request in order; different requests at the same time.
        done = await asyncio.gather(*(self._relay(events) for events in by_key.values()), return_exceptions=True)
        sent = [event for events in done if not isinstance(events, BaseException) for event in events]
        PUBLISHED.labels("sent").inc(len(sent))
        self._unmarked += sent
        for error in done:
            if isinstance(error, BaseException):
                raise error

    async def measure(self) -> None:
        """Set the metrics every few seconds, until cancelled: how many events wait, and how long the oldest has."""
        while True:
            with suppress(Unavailable):
                count, oldest = await self._outbox.pending()
                PENDING.set(count)
                OLDEST.set(max((self._now() - oldest).total_seconds(), 0) if oldest else 0)
            await asyncio.sleep(MEASURE_EVERY_S)

    async def _relay(self, events: list[OutboxEntry]) -> list[OutboxEntry]:
        """Publish the events of one request. Returns those that Kafka has acknowledged."""
        sent: list[OutboxEntry] = []
        for position, event in enumerate(events):
            try:
                await self._publish(event)
            except Invalid as error:
                PUBLISHED.labels("parked").inc()
                log.error("event parked", request_id=event.key, topic=event.topic, reason=str(error))  # noqa: TRY400  # a traceback would add nothing to the reason
                await self._outbox.park(event)
            except Unavailable as error:
                PUBLISHED.labels("postponed").inc()
                log.warning("event postponed", request_id=event.key, topic=event.topic, reason=str(error))
                await self._postpone(events[position:])
                break
            except Exception as error:
                # A bug that shows with one event must neither lose it nor end the relay, which has others to publish.
                PUBLISHED.labels("postponed").inc()
                facts = {"collection": event.collection, "document_id": event.document_id, "topic": event.topic}
                log.exception("event postponed", error=type(error).__name__, **facts)
                await self._postpone(events[position:])
                break
            else:
                sent.append(event)
        return sent

    async def _postpone(self, events: Sequence[OutboxEntry]) -> None:
        """The first could not be published, and the later events of its request must not overtake it."""
        until = self._now() + timedelta(seconds=BACKOFF.after(events[0].tries))
        for event in events:
            await self._outbox.postpone(event, until)
