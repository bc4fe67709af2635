"""Creates the topics of the published language, with their partitions and retention."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from aiokafka.admin import NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from local.kafka_access import AclAdmin
from local.kafka_admin import RETRY_S, with_admin
from shared.events import TOPICS
from shared.runtime.topic_configs import topic_configs

PARTITIONS: Final = 6


@dataclass(frozen=True, slots=True)
class TopicSettings:
    """The Kafka on which to create the topics, and what each of them gets."""

    kafka: str
    partitions: int = PARTITIONS
    replication_factor: int = 1
    wait_s: float = 60
    """How long to wait for Kafka."""


async def missing_topics(settings: TopicSettings) -> list[str]:
    """Returns which of the topics are missing. Waits for the broker; raises `CannotStart` when that takes too long."""
    return await _do(settings, _missing)


async def create_topics(settings: TopicSettings) -> list[str]:
    """Create those of the topics that are missing, and return their names. Waits for the broker, then for the topics.

    Raises `CannotStart` when that takes too long.
    """
    return await _do(settings, lambda admin: _create_missing(admin, settings))


async def grant_access(settings: TopicSettings) -> None:
    """Let every service read and write what the registry says. Safe to repeat. Raises `CannotStart` as above."""

    async def grant(admin: AclAdmin) -> list[str]:
        await admin.grant_access()
        return []

    await _do(settings, grant)


async def _do(settings: TopicSettings, work: Callable[[AclAdmin], Awaitable[list[str]]]) -> list[str]:
    return await with_admin(settings.kafka, settings.wait_s, AclAdmin, work)


async def _missing(admin: AclAdmin) -> list[str]:
    present = set(await admin.list_topics())
    return [name for name in TOPICS if name not in present]


async def _create_missing(admin: AclAdmin, settings: TopicSettings) -> list[str]:
    missing = await _missing(admin)
    if not missing:
        return []
    wanted = [
        NewTopic(name, settings.partitions, settings.replication_factor, topic_configs=topic_configs(name))
        for name in missing
    ]
    answer = await admin.create_topics(wanted)
    for name, code, *_ in answer.topic_errors:
        error = for_code(code)
        # Another process created the topic at the same time, which is as good.
        if code and error is not TopicAlreadyExistsError:
            raise error(name)
    while not set(TOPICS) <= set(await admin.list_topics()):  # noqa: ASYNC110  # Kafka has no event for this
        await asyncio.sleep(RETRY_S)
    return missing
