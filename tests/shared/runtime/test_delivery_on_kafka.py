"""The delivery promises on a real Apache Kafka: what the in-memory broker cannot show.

The records of one test are told apart from those of others by their place on the topic.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

from shared.errors import Unavailable
from shared.events import DESK, REQUESTS, Envelope, QuoteReleased, RequestErased
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.broker import new_broker
from shared.runtime.consumer import Consumer
from shared.runtime.delivery import UNAVAILABLE_BACKOFF, Delivery
from shared.runtime.outbox import OutboxEntry
from shared.runtime.publisher import KafkaPublisher
from tests.shared.runtime.builders import SIGNER_OF, VERIFIER

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
Headers = list[tuple[str, bytes | None]]


def an_event() -> tuple[str, Headers, bytes]:
    event = RequestErased(request_id=str(uuid4()), erased_at=NOON)
    envelope = Envelope(
        id=str(uuid4()), type=event.type, source="/mitsumori/intake", subject=event.request_id, time=NOON
    )
    return event.request_id, [(k, v.encode()) for k, v in envelope.headers().items()], event.to_json()


def a_release() -> tuple[str, Headers, bytes]:
    event = QuoteReleased(request_id=str(uuid4()), quote_id="q", released_at=NOON, released_by="staff-1")
    envelope = Envelope(
        id=str(uuid4()), type=event.type, source="/mitsumori/dashboard", subject=event.request_id, time=NOON
    )
    return event.request_id, [(k, v.encode()) for k, v in envelope.headers().items()], event.to_json()


def an_entry(key: str, headers: Headers, body: bytes, topic: str = REQUESTS) -> OutboxEntry:
    return OutboxEntry(
        collection="facts",
        document_id="d",
        topic=topic,
        key=key,
        headers={name: value.decode() for name, value in headers if value is not None},
        body=body,
        tries=0,
    )


def _poison() -> list[Any]:
    _, headers, body = an_event()
    unknown = {**dict(headers), "ce_type": b"mitsumori.request.forgotten.v9"}
    foreign = {**dict(headers), "ce_subject": b"somebody-else"}
    return [
        pytest.param([], b"\x00\xff not json", id="garbage"),
        pytest.param(headers, body[:-9], id="half a body"),
        pytest.param(headers, b'{"hello": "world"}', id="a body of another shape"),
        pytest.param([*headers, ("x", b"\xff\xfe")], body, id="a header that is not UTF-8"),
        pytest.param([*headers, ("x", None)], body, id="a null header"),
        pytest.param(list(unknown.items()), body, id="an unknown type"),
        pytest.param(headers, None, id="no value"),
        pytest.param(list(foreign.items()), body, id="another request in the header"),
    ]


@asynccontextmanager
async def producing(kafka: str) -> AsyncIterator[Any]:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def at_once(_seconds: float) -> None:
    """Time passes quickly in a test."""


class Reader:
    """A service that only remembers which requests it has seen; *failures* are raised first."""

    def __init__(
        self,
        kafka: str,
        database: Database,
        failures: list[Exception] | None = None,
        group: str | None = None,
        *,
        follows: bool = False,
    ) -> None:
        self.seen: list[str] = []
        self.failures = failures or []
        self.failures_of: dict[str, list[Exception]] = {}
        self.waits_for: dict[str, str] = {}
        self.arrived = asyncio.Condition()
        group = group or f"reader-{uuid4()}"
        delivery = Delivery(group, MongoDeadLetters(database), lambda: NOON, pause=at_once)
        self.broker = new_broker(kafka, group)
        self.consumer = Consumer(self.broker, delivery, VERIFIER)
        read = self.consumer.follow if follows else self.consumer.read
        read(dict.fromkeys((RequestErased, QuoteReleased), self.on_event))

    async def on_event(self, event: RequestErased | QuoteReleased) -> None:
        if failures := self.failures_of.get(event.request_id, self.failures):
            raise failures.pop()
        if other := self.waits_for.get(event.request_id):
            await self.has(other)
        async with self.arrived:
            self.seen.append(event.request_id)
            self.arrived.notify_all()

    async def has(self, request_id: str) -> None:
        async with self.arrived:
            await asyncio.wait_for(self.arrived.wait_for(lambda: request_id in self.seen), 30)


@pytest.mark.parametrize(("headers", "body"), _poison())
async def test_what_nobody_can_read_is_one_dead_letter_and_the_next_record_flows(
    headers: Headers, body: bytes | None, topics: str, database: Database
) -> None:
    request_id, sound, event = an_event()
    reader = Reader(topics, database)

    async with producing(topics) as producer, reader.broker:
        bad = await producer.send_and_wait(REQUESTS, body, key=b"k", headers=headers, partition=0)
        await producer.send_and_wait(REQUESTS, event, key=b"k", headers=sound, partition=0)
        await reader.broker.start()
        await reader.has(request_id)

    letters = [letter async for letter in database["dead_letters"].find({"partition": 0, "offset": bad.offset})]
    assert [(letter["class"], letter["body"]) for letter in letters] == [("poison", body)]


async def test_a_record_whose_work_had_to_wait_is_done_once(topics: str, database: Database) -> None:
    request_id, headers, event = an_event()
    reader = Reader(topics, database, [Unavailable("mongo"), Unavailable("mongo")])

    async with producing(topics) as producer, reader.broker:
        await producer.send_and_wait(REQUESTS, event, key=b"k", headers=headers)
        await reader.broker.start()
        await reader.has(request_id)

    assert reader.seen.count(request_id) == 1
    assert await database["dead_letters"].count_documents({"subject": request_id}) == 0


async def test_a_record_that_waited_too_long_is_read_afresh_and_not_skipped(topics: str, database: Database) -> None:
    """Under any other ack policy the place of a failed record is committed, and nobody reads it again."""
    request_id, headers, event = an_event()
    reader = Reader(topics, database, [Unavailable("mongo")] * (len(UNAVAILABLE_BACKOFF.waits_s) + 3))

    async with producing(topics) as producer, reader.broker:
        await producer.send_and_wait(REQUESTS, event, key=b"k", headers=headers)
        await reader.broker.start()
        await reader.has(request_id)

    assert reader.seen.count(request_id) == 1


async def test_records_that_arrived_together_are_worked_on_together_and_those_of_one_request_in_order(
    topics: str, database: Database
) -> None:
    """One after the other, a record that is slow (a 見積書 to print) held up all others behind it."""
    (slow, *slow_record), (quick, *quick_record) = an_event(), an_event()
    reader = Reader(topics, database)
    reader.waits_for[slow] = quick

    async with producing(topics) as producer, reader.broker:
        for key, (headers, event) in ((b"slow", slow_record), (b"slow", slow_record), (b"quick", quick_record)):
            await producer.send_and_wait(REQUESTS, event, key=key, headers=headers, partition=0)
        await reader.broker.start()
        async with reader.arrived:
            await asyncio.wait_for(reader.arrived.wait_for(lambda: reader.seen.count(slow) == 2), 30)

    assert [seen for seen in reader.seen if seen in {slow, quick}] == [quick, slow, slow]


async def test_a_reader_that_only_keeps_facts_keeps_those_of_one_request_at_the_same_time(
    topics: str, database: Database
) -> None:
    """Each fact of a case was kept alone: five inserts, five waits for the disk."""
    (slow, *slow_record), (quick, *quick_record) = an_event(), an_event()
    reader = Reader(topics, database, follows=True)
    reader.waits_for[slow] = quick

    async with producing(topics) as producer, reader.broker:
        for headers, event in (slow_record, quick_record):
            await producer.send_and_wait(REQUESTS, event, key=b"one request", headers=headers, partition=0)
        await reader.broker.start()
        await reader.has(slow)

    assert [seen for seen in reader.seen if seen in {slow, quick}] == [quick, slow]


async def test_when_one_of_several_records_waits_too_long_none_of_them_is_skipped(
    topics: str, database: Database
) -> None:
    """They are committed together, on all their partitions, so they are also read again together."""
    events = [an_event() for _ in range(4)]
    waiting = events[1][0]
    reader = Reader(topics, database)
    reader.failures_of[waiting] = [Unavailable("mongo") for _ in range(len(UNAVAILABLE_BACKOFF.waits_s) + 3)]

    async with producing(topics) as producer, reader.broker:
        for number, (request_id, headers, event) in enumerate(events):
            await producer.send_and_wait(
                REQUESTS, event, key=request_id.encode(), headers=headers, partition=number % 2
            )
        await reader.broker.start()
        for request_id, *_ in events:
            await reader.has(request_id)

    assert reader.seen.count(waiting) == 1
    assert reader.failures_of[waiting] == []


async def test_what_was_worked_on_together_is_committed_together(topics: str, database: Database) -> None:
    events, group = [an_event() for _ in range(6)], f"reader-{uuid4()}"
    first, second = Reader(topics, database, group=group), Reader(topics, database, group=group)
    last_id, headers, last = an_event()

    async with producing(topics) as producer:
        for request_id, sound, event in events:
            await producer.send_and_wait(REQUESTS, event, key=request_id.encode(), headers=sound)
        async with first.broker:
            await first.broker.start()
            for request_id, *_ in events:
                await first.has(request_id)
            await first.consumer.commit()
        await producer.send_and_wait(REQUESTS, last, key=last_id.encode(), headers=headers)
        async with second.broker:
            await second.broker.start()
            await second.has(last_id)

    assert not {request_id for request_id, *_ in events}.intersection(second.seen)


async def test_a_record_published_while_a_reader_was_away_is_read_when_it_comes(
    topics: str, database: Database
) -> None:
    """A new group starts at the beginning: FastStream's default would start at the end."""
    request_id, headers, event = an_event()
    async with producing(topics) as producer:
        await producer.send_and_wait(REQUESTS, event, key=b"k", headers=headers)
    reader = Reader(topics, database)

    async with reader.broker:
        await reader.broker.start()
        await reader.has(request_id)

    assert reader.seen.count(request_id) == 1


async def test_the_relays_publisher_says_when_kafka_is_away() -> None:
    publisher = KafkaPublisher("127.0.0.1:1", "intake")
    _, headers, body = an_event()

    with pytest.raises(Unavailable, match="kafka"):
        await publisher.publish(an_entry("k", headers, body))


async def test_the_relays_publisher_hands_over_key_headers_and_body(topics: str, database: Database) -> None:
    request_id, headers, body = an_event()
    reader = Reader(topics, database)
    publisher = KafkaPublisher(topics, "intake")

    async with reader.broker:
        await reader.broker.start()
        await publisher.publish(an_entry(request_id, headers, body))
        await reader.has(request_id)
    await publisher.close()

    assert reader.seen.count(request_id) == 1


async def test_an_outbox_of_the_version_before_is_signed_when_it_is_published(topics: str, database: Database) -> None:
    """What waits there knows no signature, and `republish` hands it over as it was."""
    request_id, headers, body = a_release()
    reader = Reader(topics, database)
    publisher = KafkaPublisher(topics, "dashboard", SIGNER_OF["dashboard"])

    async with reader.broker:
        await reader.broker.start()
        await publisher.publish(an_entry(request_id, headers, body, DESK))
        await reader.has(request_id)
    await publisher.close()

    assert reader.seen.count(request_id) == 1


async def test_an_unsigned_decision_on_the_topic_is_a_dead_letter(topics: str, database: Database) -> None:
    """A network position is enough to write to a topic; it must not be enough to decide."""
    forged_id, unsigned, forged = a_release()
    request_id, headers, event = an_event()
    reader = Reader(topics, database)

    async with producing(topics) as producer, reader.broker:
        await producer.send_and_wait(DESK, forged, key=forged_id.encode(), headers=unsigned)
        await reader.broker.start()
        await producer.send_and_wait(REQUESTS, event, key=b"k", headers=headers)
        await reader.has(request_id)
        while (letter := await database["dead_letters"].find_one({"subject": forged_id})) is None:  # noqa: ASYNC110  # MongoDB has no event for this
            await asyncio.sleep(0.05)

    assert (letter["class"], letter["reason"]) == ("poison", "unsigned")
    assert forged_id not in reader.seen
