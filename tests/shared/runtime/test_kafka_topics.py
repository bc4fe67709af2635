"""What a service asks the real Kafka about its topics, and how it makes one again."""

import asyncio
from collections.abc import Mapping

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from local.children import free_port
from local.topics import PARTITIONS
from shared.errors import Unavailable
from shared.events import DESK, QUOTES, REQUESTS
from shared.runtime.kafka_topics import KafkaTopics
from shared.runtime.reconciler import Topic
from shared.runtime.topic_configs import topic_configs

pytestmark = pytest.mark.anyio


async def write(kafka: str, topic: str, partition: int, count: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    for _ in range(count):
        await producer.send_and_wait(topic, b"{}", partition=partition)
    await producer.stop()


async def found(kafka: KafkaTopics, *names: str) -> Mapping[str, Topic | None]:
    """As soon as each new partition has its leader: until then Kafka does not say where it ends."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await kafka.look(names)
            except Unavailable:
                await asyncio.sleep(0.1)


async def delete(kafka: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.delete_topics([topic])
    # The broker learns of it after the controller has answered.
    while topic in await admin.list_topics():  # noqa: ASYNC110  # Kafka has no event for this
        await asyncio.sleep(0.02)
    await admin.close()


async def configs_of(kafka: str, topic: str) -> dict[str, str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    await admin.close()
    [(_, _, _, _, entries)] = answer.resources
    return {entry[0]: entry[1] for entry in entries}


async def test_a_topic_says_where_each_of_its_partitions_ends(topics: str) -> None:
    await write(topics, REQUESTS, partition=2, count=3)

    kafka = KafkaTopics(topics, "intake")
    there = await found(kafka, REQUESTS, QUOTES)
    await kafka.close()

    requests, quotes = there[REQUESTS], there[QUOTES]
    assert requests is not None
    assert quotes is not None
    assert requests.ends == {number: 3 if number == 2 else 0 for number in range(PARTITIONS)}
    assert set(quotes.ends.values()) == {0}
    assert requests.replicas == 1


async def test_a_topic_that_has_vanished_is_missing_and_can_be_made_again_with_its_configuration(topics: str) -> None:
    kafka = KafkaTopics(topics, "dashboard")
    await delete(topics, DESK)

    gone = await found(kafka, DESK)
    await kafka.create(DESK, partitions=4, replicas=1)
    await kafka.create(DESK, partitions=4, replicas=1)

    made = (await found(kafka, DESK))[DESK]
    await kafka.close()
    assert gone == {DESK: None}
    assert made is not None
    assert made.ends == dict.fromkeys(range(4), 0)
    configs = await configs_of(topics, DESK)
    assert {name: configs[name] for name in topic_configs(DESK)} == topic_configs(DESK)


async def test_a_kafka_that_is_away_says_nothing_of_any_topic() -> None:
    kafka = KafkaTopics(f"127.0.0.1:{free_port()}", "intake")

    with pytest.raises(Unavailable):
        await kafka.look([REQUESTS])
