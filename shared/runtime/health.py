"""What `/ready` and `/metrics` report of this process, and the watch that ends it when it cannot work any more."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable

import structlog
from aiokafka import AIOKafkaConsumer
from faststream.kafka import KafkaBroker
from prometheus_client import Gauge

from shared.errors import Unavailable
from shared.runtime.dead_letter_limit import DeadLetterLimit
from shared.runtime.delivery import Delivery

log = structlog.get_logger(__name__)

LAG = Gauge("consumer_lag", "Records on the topic that this process has yet to work on", ["topic", "partition"])
WAITING_FOR_KEY = Gauge(
    "records_waiting_for_key", "Records and letters that were set aside until a key is in the folder of keys"
)
UNREACHABLE = Gauge("unreachable", "1 while this process cannot reach it, as /ready says", ["part"])
DEAD_LETTERS = Gauge("dead_letters_open", "Records that were set aside and wait for a person")

WATCH_EVERY_S = 5.0
STUCK_AFTER_S = 90.0
PING_TIMEOUT_S = 3.0
_PARTS = ("mongo", "kafka")
EXIT_CODE = 70
"""Of a process that ends itself, so that its supervisor starts a new one."""


class Health:
    """What the probes report. Services with pages are ready without Kafka too: the form must work, and staff must see.

    Kafka is away when a group's coordinator is not known, which is asked every two seconds: a broker that has died is
    noticed then, one that only stands still when that request ends, after 40 seconds. An assignment alone says
    nothing, because a consumer keeps it for as long as Kafka is away.
    """

    def __init__(
        self, ping: Callable[[], Awaitable[None]], broker: KafkaBroker, limit: DeadLetterLimit, *, needs_kafka: bool
    ) -> None:
        self._ping = ping
        self._broker = broker
        self._limit = limit
        self._needs_kafka = needs_kafka
        self._waiting_for_key: dict[str, int] = {}
        for part in _PARTS:
            UNREACHABLE.labels(part).set(1)  # A process that waits for its database does not come to `measure`.

    @property
    def incomplete(self) -> list[str]:
        """What keeps it from a part of its work only: `keys`; where it has pages also `kafka`, `dead-letter-limit`."""
        keys = ["keys"] if any(self._waiting_for_key.values()) else []
        return keys if self._needs_kafka else [*keys, *self._keeps_from_reading()]

    def count_waiting(self, waiting_for_key: int, what: str = "records") -> None:
        """Report that so many of *what* wait for a key; what else there is to do is done all the same."""
        self._waiting_for_key[what] = waiting_for_key
        WAITING_FOR_KEY.set(sum(self._waiting_for_key.values()))

    async def missing(self) -> list[str]:
        """What keeps it from its work: `mongo`; where it has no pages also `kafka`, `dead-letter-limit`."""
        missing = []
        try:
            await self._ping()
        except Unavailable:
            missing.append("mongo")
        return [*missing, *self._keeps_from_reading()] if self._needs_kafka else missing

    async def measure(self) -> None:
        """Set the metric every few seconds, until cancelled: what cannot be reached."""
        while True:
            lacks = {*await self.missing(), *self.incomplete}
            for part in _PARTS:
                UNREACHABLE.labels(part).set(part in lacks)
            await asyncio.sleep(WATCH_EVERY_S)

    def _keeps_from_reading(self) -> list[str]:
        consumers = consumers_of(self._broker)
        kafka = [] if consumers and all(map(_is_read, consumers)) else ["kafka"]
        return [*kafka, "dead-letter-limit"] if self._limit.is_reached else kafka

    async def lag(self) -> int | None:
        """How many records of its topics this process has yet to work on; None while it reads none."""
        consumers = [consumer for consumer in consumers_of(self._broker) if consumer.assignment()]
        return sum([await _measure(consumer) for consumer in consumers]) if consumers else None


def consumers_of(broker: KafkaBroker) -> list[AIOKafkaConsumer]:
    """The consumers that *broker* has started: fewer than its subscribers while Kafka cannot be reached."""
    consumers = (getattr(subscriber, "consumer", None) for subscriber in broker.subscribers)
    return [consumer for consumer in consumers if consumer is not None]


async def watch(broker: KafkaBroker, delivery: Delivery, count_dead: Callable[[], Awaitable[int]]) -> None:
    """Measure the lag, and end a process that cannot work any more: its supervisor starts a new one.

    A consumer whose group coordinator task has died keeps answering pings and never reads again.
    """
    while True:
        await asyncio.sleep(WATCH_EVERY_S)
        lag = 0
        LAG.clear()  # Partitions that another process has now must not be shown any more.
        for consumer in consumers_of(broker):
            lag += await _measure(consumer)
            if _has_lost_its_coordinator(consumer):
                _end("coordinator gone")
        idle_s = time.monotonic() - delivery.last_progress
        if lag == 0 or delivery.is_waiting:
            delivery.last_progress = time.monotonic()
        elif idle_s > STUCK_AFTER_S:
            # Without Kafka a commit waits, which is no reason to end.
            if await broker.ping(timeout=PING_TIMEOUT_S):
                _end("no progress")
            delivery.last_progress = time.monotonic()
        try:
            DEAD_LETTERS.set(await count_dead())
        except Unavailable:
            log.warning("dead letters not counted")


def _is_read(consumer: AIOKafkaConsumer) -> bool:
    return bool(consumer.assignment()) and _coordinator(consumer, "coordinator_id") is not None


async def _measure(consumer: AIOKafkaConsumer) -> int:
    total = 0
    for partition in consumer.assignment():
        newest = consumer.highwater(partition)
        if newest is None:
            continue
        lag = max(0, newest - await consumer.position(partition))
        LAG.labels(partition.topic, partition.partition).set(lag)
        total += lag
    return total


def _has_lost_its_coordinator(consumer: AIOKafkaConsumer) -> bool:
    task = _coordinator(consumer, "_coordination_task")
    return isinstance(task, asyncio.Task) and task.done()


def _coordinator(consumer: AIOKafkaConsumer, what: str) -> object:
    """No public name of aiokafka says how a group is. None: it has no such thing."""
    return getattr(getattr(consumer, "_coordinator", None), what, None)


def _end(reason: str) -> None:
    log.critical("process ends itself", reason=reason)
    os._exit(EXIT_CODE)
