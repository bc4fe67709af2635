"""The relay publishes what the outbox holds (docs/adr/0001-ledger-and-outbox.md).

It may publish an event twice, with the same `ce_id`; any number of relays may run.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
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

BATCH = 100
POLL_S = 0.5
MEASURE_S = 5.0
BACKOFF = Backoff((0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0))

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
        """Try every event that is due once. How many they were."""
        due = await self._outbox.due(self._now(), BATCH)
        by_key: dict[str, list[OutboxEntry]] = defaultdict(list)
        for event in due:
            by_key[event.key].append(event)
        # In order within a request, side by side across requests.
        done = await asyncio.gather(*(self._relay(events) for events in by_key.values()), return_exceptions=True)
        sent = [event for events in done if not isinstance(events, BaseException) for event in events]
        if sent:
            PUBLISHED.labels("sent").inc(len(sent))
            await self._outbox.mark_sent(sent)
        for error in done:
            if isinstance(error, BaseException):
                raise error
        return len(due)

    async def measure(self) -> None:
        """Set the metrics every few seconds, until cancelled: how many events wait, and since when the oldest."""
        while True:
            with suppress(Unavailable):
                count, oldest = await self._outbox.pending()
                PENDING.set(count)
                OLDEST.set((self._now() - oldest).total_seconds() if oldest else 0)
            await asyncio.sleep(MEASURE_S)

    async def _relay(self, events: list[OutboxEntry]) -> list[OutboxEntry]:
        """Publish the events of one request. Those that Kafka has acknowledged."""
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
                until = self._now() + timedelta(seconds=BACKOFF.after(event.tries))
                for late in events[position:]:  # the later events of this request must not overtake it
                    await self._outbox.postpone(late, until)
                break
            else:
                sent.append(event)
        return sent
