"""Creates the four topics of the published language, with their partitions and retention."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka.admin import NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from local.children import CannotStart
from local.kafka_access import AclAdmin
from shared.events import TOPICS
from shared.runtime.kafka_address import KafkaAddress

_RETRY_S = 0.2


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """The Kafka on which to create the topics, and what each of them gets."""

    kafka: str
    partitions: int = 6
    replication_factor: int = 1
    retention_days: int = 14
    wait_s: float = 60
    """How long to wait for Kafka."""


async def missing_topics(settings: TopicSettings) -> list[str]:
    """Returns which of the four are missing. Waits for the broker; raises `CannotStart` when that takes too long."""
    return await _retry(settings, _missing)


async def create_topics(settings: TopicSettings) -> list[str]:
    """Create those of the four that are missing, and return their names. Waits for the broker, then for the topics.

    Raises `CannotStart` when that takes too long.
    """
    return await _retry(settings, lambda admin: _create_missing(admin, settings))


async def grant_access(settings: TopicSettings) -> None:
    """Let every service read and write what the registry says. Safe to repeat. Raises `CannotStart` as above."""

    async def grant(admin: AclAdmin) -> list[str]:
        await admin.grant_access()
        return []

    await _retry(settings, grant)


async def _retry(settings: TopicSettings, work: Callable[[AclAdmin], Awaitable[list[str]]]) -> list[str]:
    deadline = time.monotonic() + settings.wait_s
    while True:
        try:
            async with _admin(settings.kafka) as admin:
                return await work(admin)
        except (KafkaError, OSError) as error:
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"Kafka ({_parsed(settings.kafka)}) に接続できません: {type(error).__name__}"
                ) from None
            await asyncio.sleep(_RETRY_S)


@asynccontextmanager
async def _admin(address: str) -> AsyncIterator[AclAdmin]:
    admin = AclAdmin(**_parsed(address).client_options)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


def _parsed(address: str) -> KafkaAddress:
    try:
        return KafkaAddress.parse(address)
    except ValueError as reason:
        raise CannotStart(f"MITSUMORI_KAFKA {reason}") from None


async def _missing(admin: AclAdmin) -> list[str]:
    present = set(await admin.list_topics())
    return [name for name in TOPICS if name not in present]


async def _create_missing(admin: AclAdmin, settings: TopicSettings) -> list[str]:
    missing = await _missing(admin)
    if not missing:
        return []
    configs = {
        "retention.ms": str(settings.retention_days * 24 * 60 * 60 * 1000),
        # Kafka unpacks what producers compress: a record that our readers have no codec for would block its partition.
        "compression.type": "uncompressed",
    }
    wanted = [
        NewTopic(name, settings.partitions, settings.replication_factor, topic_configs=configs) for name in missing
    ]
    answer = await admin.create_topics(wanted)
    for name, code, *_ in answer.topic_errors:
        error = for_code(code)
        # Another process created the topic at the same time, which is as good.
        if code and error is not TopicAlreadyExistsError:
            raise error(name)
    while not set(TOPICS) <= set(await admin.list_topics()):  # noqa: ASYNC110  # Kafka has no event for this
        await asyncio.sleep(_RETRY_S)
    return missing
