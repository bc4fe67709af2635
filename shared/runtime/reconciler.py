"""The reconciler: what Kafka has lost of a service's events is found and published again, by that service alone.

Kafka on one broker may come back from a power cut without its last records, and a topic may be deleted. The ledger has
every event with the place at which Kafka acknowledged it (docs/adr/0029-reconciler.md).
"""

import asyncio
from collections import Counter as Counts
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import structlog
from prometheus_client import Counter

from shared.clock import Clock
from shared.events import KEPT_FOR_GOOD
from shared.runtime.topic_configs import RETENTION
from shared.runtime.topic_ends import Lost, TopicEnds
from shared.runtime.waiting import tried_again, wait_for

log = structlog.get_logger(__name__)

REPAIRS = Counter("reconciler_repairs_total", "Events published again, because Kafka had lost them", ["topic"])
LOOKS = Counter("topics_compared_total", "Looks at whether the topics have what was published to them")
MADE_AGAIN = Counter("topics_made_again_total", "Topics that had vanished and were created again", ["topic"])

LOOK_EVERY_S: Final = 20.0
LOOK_AGAIN_S: Final = 3.0
"""While something is missing. The relay publishes within this time, unless it is very much."""
MOST_ROUNDS: Final = 3
"""After two, everything that a power cut took is past the old end. More are needed where a new topic took the place
of an old one, and there no reader is past anything."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as Kafka has it. `ends`: partition → the place of its next record."""

    ends: Mapping[int, int]
    replicas: int


class Topics(Protocol):
    """Kafka, as whoever writes to it may ask. Every method raises `Unavailable`."""

    async def look(self, names: Sequence[str]) -> Mapping[str, Topic | None]:
        """Each of these topics; None for one that does not exist."""
        ...

    async def create(self, name: str, *, partitions: int, replicas: int) -> None:
        """Create this topic, unless it is there."""
        ...


class SentEvents(Protocol):
    """The events in the ledger that were published. Every method raises `Unavailable`."""

    async def send_again(self, lost: Lost, since: datetime | None) -> int:
        """Have the relay publish those in these places again. Returns how many.

        What was true before *since* is on no topic any more by now: it is left out, and its place forgotten.
        """
        ...

    async def send_placeless_again(self, topic: str, since: datetime | None) -> int:
        """The same for what an earlier version has published to *topic*: nobody knows at which place."""
        ...

    async def send_all_again(self, topic: str, since: datetime | None) -> int:
        """The same for everything that was on *topic*, which is gone: no event has a place on it any more."""
        ...

    async def are_waiting(self, lost: Lost) -> bool:
        """Whether events that were in these places wait for the relay."""
        ...


class Reconciler:
    """Compares *topics*, which this service writes, with its ledger. Any number of processes may do so."""

    def __init__(self, topics: Sequence[str], ends: TopicEnds, events: SentEvents, kafka: Topics, now: Clock) -> None:
        self._ends = ends
        self._events = events
        self._kafka = kafka
        self._now = now
        self._known: dict[str, Topic | None] = dict.fromkeys(topics)
        self._missing: set[str] = set()
        self._rounds: Counts[tuple[str, int]] = Counts()
        for counter in (REPAIRS, MADE_AGAIN):
            for topic in topics:
                counter.labels(topic)  # So that there is a zero to see.

    async def run(self) -> None:
        """Until cancelled. While Kafka or MongoDB is away nothing is known to be lost, and nothing is done."""
        while True:
            has_made = False
            with tried_again(log, "topics not compared"):
                has_made = await self.look()
            if has_made or self._ends.lost:
                await asyncio.sleep(LOOK_AGAIN_S)
            else:
                await wait_for(self._ends.has_lost, LOOK_EVERY_S)

    async def look(self) -> bool:
        """Compare once, and have what is lost published. Returns whether it has made a topic. Raises `Unavailable`."""
        # What is published during the look may be beyond the ends that it finds.
        before = {name: self._ends.reached(name) for name in self._known}
        found = await self._kafka.look(list(self._known))
        there = {name: topic for name, topic in found.items() if topic is not None}
        for name, topic in there.items():
            if name in self._missing:
                await self._begin_again(name)
            else:
                self._ends.found(name, topic.ends, before[name])
        self._known |= there
        for lost in self._ends.lost:
            await self._publish_again(lost)
        LOOKS.inc()
        return await self._make_again(found.keys() - there.keys())

    async def _make_again(self, missing: AbstractSet[str]) -> bool:
        """As they were. What was on them is published again when they are found at the next look."""
        has_made = False
        for name in sorted(missing - self._missing):
            log.error("topic is missing", topic=name)
        self._missing = set(missing)
        for name in sorted(missing):
            if (topic := self._known[name]) is not None:
                await self._kafka.create(name, partitions=len(topic.ends), replicas=topic.replicas)
                has_made = True
                MADE_AGAIN.labels(name).inc()
                log.warning("topic made again", topic=name)
        return has_made

    async def _begin_again(self, name: str) -> None:
        """Whoever has made it: with the old topic Kafka has forgotten how far its readers were."""
        count = await self._events.send_all_again(name, self._since(name))
        self._ends.begin_again(name)
        self._missing.discard(name)
        REPAIRS.labels(name).inc(count)
        log.error("records lost", topic=name, count=count)

    async def _publish_again(self, lost: Lost) -> None:
        if await self._events.are_waiting(lost):
            return  # Where they come to lie decides whether they are needed once more.
        partition, since, count = (lost.topic, lost.partition), self._since(lost.topic), 0
        if self._rounds[partition] == 0:
            count = await self._events.send_placeless_again(lost.topic, since)
        if self._rounds[partition] < MOST_ROUNDS:
            count += await self._events.send_again(lost, since)
        if count:
            self._rounds[partition] += 1
            REPAIRS.labels(lost.topic).inc(count)
            log.error("records lost", topic=lost.topic, partition=lost.partition, offset=lost.first, count=count)
        else:
            self._rounds.pop(partition, None)
            self._ends.settle(lost)

    def _since(self, topic: str) -> datetime | None:
        return None if topic in KEPT_FOR_GOOD else self._now() - RETENTION
