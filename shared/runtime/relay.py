"""The relay publishes the events in the outbox (docs/adr/0001-ledger-and-outbox.md).

It may publish an event twice, with the same `ce_id`. Several relays may run at the same time.

While Kafka cannot be reached it tries one event, twice a second, and leaves all of them as they are: they are due when
Kafka is back. An event of its own that Kafka does not acknowledge is postponed, and the others go on.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import structlog
from prometheus_client import Counter, Gauge

from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.runtime.outbox import KafkaAway, Outbox, OutboxEntry, RecordPlace
from shared.runtime.waiting import Backoff, wait_for

log = structlog.get_logger(__name__)

PUBLISHED = Counter("relay_publish_total", "Events handed to Kafka", ["outcome"])
PENDING = Gauge("outbox_pending", "Events that Kafka has not acknowledged yet")
OLDEST = Gauge("outbox_oldest_age_seconds", "How long the oldest of them has waited")

BATCH_SIZE = 100
POLL = Backoff((0.5, 1.0, 2.0))
"""How often to look for events that nobody has announced: what other processes or an earlier one have left."""
MARK_AFTER_S = 1.0
"""Events that Kafka has are marked together. Well before `OWN_FOR`, or others would publish them again."""
MEASURE_EVERY_S = 10.0
NOT_TAKEN = Backoff((0.5, 1.0, 2.0, 5.0))
"""Of an event that Kafka does not acknowledge, such as while a partition has no leader."""
BUG = Backoff((0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0))

Publish = Callable[[OutboxEntry], Awaitable[RecordPlace | None]]
"""Returns when Kafka has acknowledged, with the record's place where that is known.

Raises `KafkaAway`, `Unavailable` (this event can be tried again later) or `Invalid` (it never can).
"""


class Relay:
    """Publishes the events in the outbox: at once those that this process has stored, and others when it polls."""

    def __init__(self, outbox: Outbox, publish: Publish, now: Clock) -> None:
        self._outbox = outbox
        self._publish = publish
        self._now = now
        self._woken = asyncio.Event()
        self._announced: list[OutboxEntry] = []
        self._unmarked: list[OutboxEntry] = []
        self._is_away = False
        # So that there is a zero to see: to Prometheus, what begins at one has not grown.
        for outcome in ("sent", "postponed", "parked"):
            PUBLISHED.labels(outcome)

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
                        was_away, found = self._is_away, await self.publish_due()
                        empty_polls = 0 if found or self._is_away else empty_polls + 1
                        is_more = found >= BATCH_SIZE or (was_away and not self._is_away)
                        poll_at = loop.time() + (0 if is_more else POLL.after(empty_polls))
                        if is_more:
                            mark_at = loop.time()  # Or the next look would find the same events.
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
            if self._is_away:
                # They are found when Kafka is back. Where nothing answers, a try takes ten seconds, and more would come
                # meanwhile than can be tried: an outage of hours must not be kept in memory.
                self._announced.clear()

    async def publish_due(self) -> int:
        """Try to publish every event that is due, once; while Kafka is away, the oldest. Returns how many it found."""
        due = await self._outbox.due(self._now(), 1 if self._is_away else BATCH_SIZE)
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
        errors = [error for error in done if error is not None]
        if by_key:
            self._note(next((error for error in errors if isinstance(error, KafkaAway)), None))
        for error in errors:
            if not isinstance(error, KafkaAway):
                raise error

    def _note(self, away: KafkaAway | None) -> None:
        """Once when Kafka goes away, and once when it is back."""
        if away is not None and not self._is_away:
            log.warning("relay waits", reason=str(away))
        elif away is None and self._is_away:
            log.info("relay goes on")
        self._is_away = away is not None

    async def measure(self) -> None:
        """Set the metrics every few seconds, until cancelled: how many events wait, and how long the oldest has."""
        while True:
            with suppress(Unavailable):
                count, oldest = await self._outbox.pending()
                PENDING.set(count)
                OLDEST.set(max((self._now() - oldest).total_seconds(), 0) if oldest else 0)
            await asyncio.sleep(MEASURE_EVERY_S)

    async def _relay(self, events: list[OutboxEntry]) -> None:
        """Publish the events of one request. Raises `KafkaAway`, and leaves them as they are."""
        for position, event in enumerate(events):
            try:
                place = await self._publish(event)
            except Invalid as error:
                PUBLISHED.labels("parked").inc()
                log.error("event parked", request_id=event.key, topic=event.topic, reason=str(error))  # noqa: TRY400  # a traceback would add nothing to the reason
                await self._outbox.park(event)
            except KafkaAway:
                raise
            except Unavailable as error:
                PUBLISHED.labels("postponed").inc()
                log.warning("event postponed", request_id=event.key, topic=event.topic, reason=str(error))
                await self._postpone(events[position:], NOT_TAKEN)
                break
            except Exception as error:
                # A bug that shows with one event must neither lose it nor end the relay, which has others to publish.
                PUBLISHED.labels("postponed").inc()
                facts = {"collection": event.collection, "document_id": event.document_id, "topic": event.topic}
                log.exception("event postponed", error=type(error).__name__, **facts)
                await self._postpone(events[position:], BUG)
                break
            else:
                PUBLISHED.labels("sent").inc()
                self._unmarked.append(replace(event, place=place))

    async def _postpone(self, events: Sequence[OutboxEntry], backoff: Backoff) -> None:
        """The first could not be published, and the later events of its request must not overtake it."""
        until = self._now() + timedelta(seconds=backoff.after(events[0].tries))
        for event in events:
            await self._outbox.postpone(event, until)
