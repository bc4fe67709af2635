"""The broker in memory, for machines without Java."""

from pathlib import Path

import pytest
from aiokafka import ConsumerRebalanceListener
from faststream.kafka import KafkaBroker, KafkaMessage

from local.embedded_broker import EmbeddedBroker
from local.topics import TopicSettings, create_topics
from shared.events import TOPICS
from shared.runtime.broker import DELIVERY_OPTIONS, new_broker, start_together
from tests.local.builders import publish, read_one

pytestmark = pytest.mark.anyio


async def test_a_machine_without_java_gets_a_broker_in_memory(tmp_path: Path) -> None:
    broker = EmbeddedBroker(tmp_path)
    broker.start()

    made = await create_topics(TopicSettings(kafka=broker.address))
    await publish(broker.address, b"hello")

    assert made == []
    assert await read_one(broker.address, group="reader") == b"hello"
    broker.stop()
    assert not broker.child.alive


async def test_the_readers_of_a_service_join_their_group_together(tmp_path: Path) -> None:
    """One that joins later has all join again, after five seconds."""
    broker = EmbeddedBroker(tmp_path)
    broker.start()
    service = new_broker(broker.address, "rating")
    joined = [Joined(service, topic) for topic in TOPICS]

    await start_together(service)

    assert [reader.times for reader in joined] == [1] * len(joined)
    await service.stop()
    broker.stop()


class Joined(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """How often a reader of a topic was given partitions."""

    def __init__(self, service: KafkaBroker, topic: str) -> None:
        self.times = 0
        service.subscriber(topic, group_id="rating", listener=self, **DELIVERY_OPTIONS)(ignore)

    async def on_partitions_assigned(self, _assigned: object) -> None:
        self.times += 1

    async def on_partitions_revoked(self, _revoked: object) -> None:
        """Nothing to do."""


async def ignore(_message: KafkaMessage) -> None:
    """Nothing to do."""
