"""Kafka after the ledger went back in time: its topics are made anew, and with them the places of all readers.

A reader whose place is beyond what the ledger knows would never see what is announced again; and a record of before
and the one that the ledger makes now could have two bodies under one id.
"""

import asyncio
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient

from local.doctor.gather.kafka_groups import GroupAdmin
from local.kafka_admin import RETRY_S, with_admin
from local.topics import PARTITIONS, TopicSettings, create_topics
from services.registry import SERVICES
from shared.errors import Invalid
from shared.events import TOPICS

_WAIT_S: Final = 60.0
_REPLICAS: Final = 1


async def refuse_while_services_run(kafka: str) -> None:
    """Raise `Invalid` (services-run) while a service reads; `CannotStart` when Kafka is away."""
    if running := await with_admin(kafka, _WAIT_S, GroupAdmin, _running):
        raise Invalid(f"services-run: {'、'.join(running)}")


async def make_topics_anew(kafka: str) -> None:
    """Delete every topic of ours and create it, with as many partitions and replicas. Raises `CannotStart`."""
    partitions, replicas = await with_admin(kafka, _WAIT_S, AIOKafkaAdminClient, _delete)
    await create_topics(TopicSettings(kafka, partitions, replicas))


async def _running(admin: GroupAdmin) -> list[str]:
    return [str(one.name) for one in SERVICES if (await admin.members_of(one.name))[1]]


async def _delete(admin: AIOKafkaAdminClient) -> tuple[int, int]:
    present = sorted(set(TOPICS) & set(await admin.list_topics()))
    found = [topic["partitions"] for topic in await admin.describe_topics(present)] if present else []
    partitions = max(map(len, found), default=PARTITIONS)
    replicas = max((len(one["replicas"]) for topic in found for one in topic), default=_REPLICAS)
    if present:
        await admin.delete_topics(present)
    while set(TOPICS) & set(await admin.list_topics()):  # noqa: ASYNC110  # Kafka has no event for this
        await asyncio.sleep(RETRY_S)
    return partitions, replicas
