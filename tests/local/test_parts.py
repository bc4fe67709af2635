"""The parts that the launcher and all other tests build on: a real mongod and a real Apache Kafka."""

from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from pymongo import MongoClient, WriteConcern

from local.children import free_port
from local.embedded_broker import EmbeddedBroker
from local.kafka import Kafka
from local.mongod import Mongod
from local.topics import TopicSettings, create_topics
from shared.events import REQUESTS, TOPICS
from shared.runtime.adapters.mongo import Database

pytestmark = pytest.mark.anyio


def test_the_ledger_survives_a_crash_and_a_move_to_another_port(tmp_path: Path) -> None:
    first = Mongod(tmp_path)
    first.start()
    with MongoClient[dict[str, Any]](first.uri) as client:
        ledger = client["ledger"].get_collection("facts", write_concern=WriteConcern("majority", j=True))
        ledger.insert_one({"_id": "kept"})
    first.kill()

    second = Mongod(tmp_path, free_port())
    second.start()

    with MongoClient[dict[str, Any]](second.uri) as client:
        assert client["ledger"]["facts"].find_one() == {"_id": "kept"}
    second.kill()


async def test_each_test_gets_an_empty_database(database: Database) -> None:
    assert await database.list_collection_names() == []


async def test_kafka_keeps_its_records_through_a_crash(tmp_path: Path) -> None:
    broker = Kafka(tmp_path)
    broker.start()
    await create_topics(TopicSettings(kafka=broker.address))
    await _publish(broker.address, b"kept")
    broker.kill()

    broker.start()

    assert await _read(broker.address, group="reader") == b"kept"
    broker.stop()
    assert not broker.child.alive


async def test_a_folder_with_a_japanese_name_holds_a_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Java reads properties as ISO-8859-1, and names of files as the locale says; the second start found no data."""
    monkeypatch.setenv("LC_ALL", "C")
    broker = Kafka(tmp_path / "デスクトップ𠮷")
    broker.start()
    await create_topics(TopicSettings(kafka=broker.address))
    await _publish(broker.address, b"kept")
    broker.stop()

    broker.start()

    assert await _read(broker.address, group="reader") == b"kept"
    broker.stop()
    assert _names(tmp_path) == ["デスクトップ𠮷"]
    assert {"kafka.log", "data"} <= set(_names(tmp_path / "デスクトップ𠮷"))


async def test_the_broker_unpacks_what_others_have_compressed(topics: str) -> None:
    """Our readers have no codec for most compressions, and a record that they cannot unpack blocks its partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=topics)
    await admin.start()
    try:
        described = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in TOPICS])
    finally:
        await admin.close()

    compression = {
        (resource[3], entry[1])
        for answer in described
        for resource in answer.resources
        for entry in resource[4]
        if entry[0] == "compression.type"
    }
    assert compression == {(name, "uncompressed") for name in TOPICS}


async def test_the_four_topics_are_made_once_with_their_partitions_and_retention(topics: str) -> None:
    made_again = await create_topics(TopicSettings(kafka=topics, partitions=3))

    assert made_again == []
    admin = AIOKafkaAdminClient(bootstrap_servers=topics)
    await admin.start()
    try:
        described = await admin.describe_topics(list(TOPICS))
    finally:
        await admin.close()
    assert {topic["topic"]: len(topic["partitions"]) for topic in described} == dict.fromkeys(TOPICS, 6)


@pytest.mark.parametrize("turn", ["first", "second"])
async def test_fresh_topics_forget_the_records_and_offsets_of_the_test_before(topics: str, turn: str) -> None:
    await _publish(topics, turn.encode())

    assert await _read(topics, group="rating") == turn.encode()


async def test_a_machine_without_java_gets_a_broker_in_memory(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path)
    broker.start()

    made = await create_topics(TopicSettings(kafka=broker.address))
    await _publish(broker.address, b"hello")

    assert made == []
    assert await _read(broker.address, group="reader") == b"hello"
    broker.stop()
    assert not broker.child.alive


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def _publish(address: str, body: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=address, acks="all") as producer:
        await producer.send_and_wait(REQUESTS, body, key=b"request")


async def _read(address: str, group: str | None) -> bytes | None:
    async with AIOKafkaConsumer(
        REQUESTS, bootstrap_servers=address, group_id=group, auto_offset_reset="earliest"
    ) as consumer:
        record = await consumer.getone()
        body: bytes | None = record.value
        return body
