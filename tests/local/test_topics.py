"""The topics of the published language on a real Kafka."""

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from local.topics import TopicSettings, create_topics
from shared.events import TARIFFS, TOPICS
from tests.local.builders import publish, read_one

pytestmark = pytest.mark.anyio


async def configured(kafka: str, name: str) -> dict[str, str]:
    """The value of the setting *name* of each topic."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        described = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic) for topic in TOPICS])
    finally:
        await admin.close()
    return {
        resource[3]: entry[1]
        for answer in described
        for resource in answer.resources
        for entry in resource[4]
        if entry[0] == name
    }


async def test_the_broker_unpacks_what_others_have_compressed(topics: str) -> None:
    """Our readers have no codec for most compressions, and a record that they cannot unpack blocks its partition."""
    assert await configured(topics, "compression.type") == dict.fromkeys(TOPICS, "uncompressed")


async def test_records_are_kept_for_two_weeks_and_tariffs_for_good(topics: str) -> None:
    """An intake that begins anew needs the tariff in force, which may have started a year ago."""
    two_weeks_ms = str(14 * 24 * 60 * 60 * 1000)

    assert await configured(topics, "retention.ms") == {**dict.fromkeys(TOPICS, two_weeks_ms), TARIFFS: "-1"}


async def test_the_topics_are_made_once_with_their_partitions(topics: str) -> None:
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
    await publish(topics, turn.encode())

    assert await read_one(topics, group="rating") == turn.encode()
