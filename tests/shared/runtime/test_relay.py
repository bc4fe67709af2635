"""What an outage of Kafka does to the outbox: everything waits as it is, and leaves as soon as Kafka is back."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from local.kafka import Kafka
from local.topics import TopicSettings, create_topics
from shared.clock import utc_now
from shared.errors import Unavailable
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from shared.runtime.outbox import KafkaAway, OutboxEntry, outbox_entry
from shared.runtime.publisher import KafkaPublisher
from shared.runtime.relay import BATCH_SIZE, Relay
from tests.shared.runtime.builders import NOON, a_document, until
from tests.shared.runtime.fakes import Topics

pytestmark = pytest.mark.anyio


@pytest.fixture
async def outbox(database: Database) -> MongoOutbox:
    box = MongoOutbox(database, ["facts"])
    await box.prepare()
    return box


async def test_an_outage_counts_as_no_try_of_any_fact_and_costs_one_look_at_a_time(
    database: Database, outbox: MongoOutbox
) -> None:
    """Each try made the next one later: after an outage the last facts waited for another minute."""
    topics, tried = Topics(), []
    topics.refusal = KafkaAway("kafka")

    async def publish(event: OutboxEntry) -> None:
        tried.append(event.key)
        await topics.publish(event)

    relay = Relay(outbox, publish, lambda: NOON)
    for number in range(30):
        await insert_once(database["facts"], a_document(f"r-{number}"))
    with capture_logs() as lines:
        for _ in range(50):
            await relay.publish_due()
        during = len(tried)
        topics.refusal = None
        await relay.publish_due()
        await relay.publish_due()

    assert during == 30 + 49
    assert len(topics.records) == 30
    assert await database["facts"].count_documents({"relay.tries": 0}) == 30
    assert [line["event"] for line in lines] == ["relay waits", "relay goes on"]


async def test_what_is_announced_in_an_outage_is_not_kept_in_memory(database: Database, outbox: MongoOutbox) -> None:
    topics, tried = Topics(), []
    topics.refusal = KafkaAway("kafka")

    async def publish(event: OutboxEntry) -> None:
        tried.append(event.key)
        await topics.publish(event)

    relay = Relay(outbox, publish, lambda: NOON)
    for number in range(250):
        document = a_document(f"r-{number}")
        await insert_once(database["facts"], document)
        relay.announce(outbox_entry("facts", document))
    await relay.publish_announced()
    during = len(tried)
    topics.refusal = None

    await relay.publish_announced()
    in_memory = len(topics.records)
    for _ in range(4):
        await relay.publish_due()
        await relay.mark()

    assert (during, in_memory, len(topics.records)) == (BATCH_SIZE, 0, 250)


async def test_a_fact_that_kafka_does_not_take_stops_no_other_and_does_not_wait_for_long(
    database: Database, outbox: MongoOutbox
) -> None:
    """Such as one for a topic without a leader: its broker may be back at any moment."""
    topics, clock = Topics(), [NOON]

    async def publish(event: OutboxEntry) -> None:
        if event.key == "odd":
            raise Unavailable("kafka (KafkaTimeoutError)")
        await topics.publish(event)

    relay = Relay(outbox, publish, lambda: clock[0])
    for name in ("odd", "even"):
        await insert_once(database["facts"], a_document(name))
    for _ in range(20):
        await relay.publish_due()
        clock[0] += timedelta(seconds=5)

    (odd,) = await database["facts"].find({"_id": "odd"}).to_list(None)
    assert {record.key for record in topics.records} == {"even"}
    assert odd["relay"]["tries"] == 20


async def test_when_a_kafka_that_died_is_back_all_facts_leave_although_each_was_tried_for_long(
    own_kafka: Kafka, database: Database, outbox: MongoOutbox
) -> None:
    """They left up to 62 seconds later. Only what was on its way when it died has counted a try."""
    await create_topics(TopicSettings(own_kafka.address))
    publisher = KafkaPublisher(own_kafka.address, "intake")

    async def is_empty() -> bool:
        return await outbox.pending() == (0, None)

    relay = Relay(outbox, publisher.publish, utc_now)
    await insert_once(database["facts"], a_document("before", utc_now()))
    with capture_logs() as lines:
        running = asyncio.ensure_future(relay.run())
        await until(is_empty)
        own_kafka.kill()
        for number in range(150):
            await insert_once(database["facts"], a_document(f"r-{number}", utc_now()))
        await until(lambda: told(lines) == ["relay waits"])
        await asyncio.to_thread(own_kafka.start)
        await until(is_empty)
        running.cancel()
        await asyncio.wait([running])
    await publisher.close()

    assert told(lines) == ["relay waits", "relay goes on"]
    assert await database["facts"].count_documents({"relay.tries": {"$gt": 1}}) == 0


def told(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    return [line["event"] for line in lines if line["event"].startswith("relay")]
