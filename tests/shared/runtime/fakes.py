"""In-memory parts of the delivery, for tests that need no Kafka; and a panic, as a library in Rust raises it."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from faststream.kafka import KafkaBroker

from shared.clock import utc_now
from shared.errors import Unavailable
from shared.events import REQUESTS, RequestErased
from shared.products.documents import FONTS
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from shared.runtime.adapters.mongo_sent_events import MongoSentEvents
from shared.runtime.consumer import Consumer
from shared.runtime.delivery import DeadLetters, Delivery
from shared.runtime.outbox import OWN_FOR, OutboxEntry, RecordPlace, outbox_fields
from shared.runtime.reconciler import Reconciler, Topic
from shared.runtime.relay import Relay
from shared.runtime.topic_ends import TopicEnds
from shared.runtime.typst import Compiler
from shared.runtime.typst_here import TypstHere
from tests.shared.runtime.builders import VERIFIER

NOON: Final = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
REPLICAS: Final = 3


@dataclass
class InMemoryDeadLetters:
    letters: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def add(self, letter: dict[str, Any]) -> bool:
        await asyncio.sleep(0)  # As with a database, others work meanwhile.
        return self.letters.setdefault(letter["_id"], letter) is letter


class NoDeadLetters:
    """For tests in which no record may be set aside."""

    async def add(self, letter: dict[str, Any]) -> bool:
        raise AssertionError(letter["reason"])


@dataclass
class InMemoryErased:
    """Which requests are erased, and of which what was held is forgotten."""

    since_when: dict[str, datetime] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)

    async def add(self, request_id: str, at: datetime) -> None:
        self.since_when.setdefault(request_id, at)

    async def among(self, request_ids: Collection[str]) -> Collection[str]:
        return self.since_when.keys() & set(request_ids)

    async def since(self, at: datetime) -> Collection[str]:
        return {request_id for request_id, erased_at in self.since_when.items() if erased_at >= at}

    async def forget(self, request_id: str) -> None:
        self.forgotten.append(request_id)


class Waits(list[float]):
    """A pause that only remembers how long it should have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


def a_consumer(broker: KafkaBroker, dead: DeadLetters | None = None, service: str = "reader") -> Consumer:
    """A consumer that reads as those of the services do, but does not wait."""
    return Consumer(broker, Delivery(service, dead or NoDeadLetters(), utc_now, pause=Waits()), VERIFIER)


class Topics:
    """What Kafka has acknowledged; *refusal* is raised while it is set."""

    def __init__(self) -> None:
        self.records: list[OutboxEntry] = []
        self.has_record = asyncio.Event()
        self.refusal: Exception | None = None

    async def publish(self, event: OutboxEntry) -> None:
        if self.refusal:
            raise self.refusal
        self.records.append(event)
        self.has_record.set()


class PanicException(BaseException):
    """Of the same shape as `pyo3_runtime.PanicException`, which cannot be imported: it is no `Exception`."""


class Raising(TypstHere):
    """Typst, but it raises an error over the template of this name."""

    def __init__(self, error: Callable[[], BaseException], template: str) -> None:
        super().__init__(FONTS)
        self._error = error
        self._template = template

    async def pdf(self, root: Path, files: Mapping[str, bytes], made_at: datetime) -> bytes:
        if f'/{self._template}"' in files["main"].decode():
            raise self._error()
        return await super().pdf(root, files, made_at)


def compile_that_raises(error: Callable[[], BaseException], template: str) -> Compiler:
    return Raising(error, template)


class LossyBroker:
    """Kafka, of which a test removes what it likes: topics of two partitions.

    A record goes to the partition that its key begins with.
    """

    def __init__(self, *topics: str) -> None:
        self.topics: dict[str, list[list[str]]] = {topic: [[], []] for topic in topics or (REQUESTS,)}
        self.made: list[tuple[str, int, int]] = []
        self.is_away = False
        self.asked = 0

    def cut(self, partition: int, left: int, topic: str = REQUESTS) -> None:
        """As a power cut does: the records after the first *left* are gone."""
        del self.topics[topic][partition][left:]

    async def put(self, event: OutboxEntry) -> RecordPlace:
        if self.is_away or event.topic not in self.topics:
            raise Unavailable("kafka")
        partition = int(event.key[0])
        self.topics[event.topic][partition].append(event.key)
        return RecordPlace(partition, len(self.topics[event.topic][partition]) - 1)

    async def look(self, names: Sequence[str]) -> Mapping[str, Topic | None]:
        self.asked += 1
        if self.is_away:
            raise Unavailable("kafka")
        return {
            name: Topic({number: len(records) for number, records in enumerate(self.topics[name])}, REPLICAS)
            if name in self.topics
            else None
            for name in names
        }

    async def create(self, name: str, *, partitions: int, replicas: int) -> None:
        self.made.append((name, partitions, replicas))
        self.topics[name] = [[] for _ in range(partitions)]


class WritingProcess:
    """One process of the service that writes *topics*."""

    def __init__(self, database: Database, broker: LossyBroker, *topics: str) -> None:
        self.database = database
        self.broker = broker
        self.ends = TopicEnds()
        self.sent = MongoSentEvents(database, ["facts"])
        self.relay = Relay(MongoOutbox(database, ["facts"]), self.publish, lambda: NOON)
        self.reconciler = Reconciler(topics or (REQUESTS,), self.ends, self.sent, broker, lambda: NOON)

    async def start(self) -> "WritingProcess":
        await self.sent.prepare()
        for topic, reached in (await self.sent.reached()).items():
            self.ends.remember(topic, reached)
        return self

    async def publish(self, event: OutboxEntry) -> RecordPlace:
        before = self.ends.reached(event.topic)
        place = await self.broker.put(event)
        self.ends.acknowledged(event.topic, place, before)
        return place

    async def tell(self, *names: str, at: datetime = NOON, topic: str = REQUESTS) -> None:
        """Store an event for each of *names* and publish it."""
        documents = [a_document(name, at, topic) for name in names]
        await self.database["facts"].insert_many(documents)
        await self.work()

    async def work(self) -> None:
        while await self.relay.publish_due():
            await self.relay.mark()

    async def repair(self) -> None:
        """Look and publish until everything is there, as it does in about as many times three seconds."""
        for _ in range(10):
            has_made = await self.reconciler.look()
            await self.work()
            if not (has_made or self.ends.lost):
                return
        raise AssertionError(self.ends.lost)


def a_document(name: str, at: datetime, topic: str = REQUESTS) -> dict[str, Any]:
    event = RequestErased(request_id=name, erased_at=at)
    relay = outbox_fields(event, document_id=name, source="/mitsumori/intake", time=at)
    return {"_id": name, "relay": relay | {"due": relay["due"] - OWN_FOR, "topic": topic}}
