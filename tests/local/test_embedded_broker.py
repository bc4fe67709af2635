"""The broker in memory, for machines without Java."""

from pathlib import Path

import pytest

from local.embedded_broker import EmbeddedBroker
from local.topics import TopicSettings, create_topics
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
