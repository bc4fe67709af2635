"""Kafka after the ledger went back in time: its topics are made anew, and with them the places of all readers.

A reader whose place is beyond what the ledger knows would never see what is announced again; and a record of before
and the one that the ledger makes now could have two bodies under one id.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code

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


@dataclass(frozen=True, slots=True)
class Shape:
    """How many partitions and replicas the topics have; those of a new Kafka where there are none."""

    partitions: int = PARTITIONS
    replicas: int = _REPLICAS


async def shape_of_topics(kafka: str) -> Shape:
    """As they are now. Raises `CannotStart`."""
    return await with_admin(kafka, _WAIT_S, AIOKafkaAdminClient, _shape)


async def make_topics_anew(kafka: str, shape: Shape) -> None:
    """Delete every topic of ours that is there, and create them all. Safe to repeat. Raises `CannotStart`."""
    await with_admin(kafka, _WAIT_S, AIOKafkaAdminClient, _delete)
    await create_topics(TopicSettings(kafka, shape.partitions, shape.replicas))


async def _running(admin: GroupAdmin) -> list[str]:
    return [str(one.name) for one in SERVICES if (await admin.members_of(one.name))[1]]


async def _shape(admin: AIOKafkaAdminClient) -> Shape:
    present = sorted(set(TOPICS) & set(await admin.list_topics()))
    found = [topic["partitions"] for topic in await admin.describe_topics(present)] if present else []
    return Shape(
        partitions=max(map(len, found), default=PARTITIONS),
        replicas=max((len(one["replicas"]) for topic in found for one in topic), default=_REPLICAS),
    )


async def _delete(admin: AIOKafkaAdminClient) -> None:
    present = sorted(set(TOPICS) & set(await admin.list_topics()))
    if not present:
        return
    for name, code in (await admin.delete_topics(present)).topic_error_codes:
        if code:
            raise for_code(code)(name)
    async with asyncio.timeout(_WAIT_S):
        while set(TOPICS) & set(await admin.list_topics()):  # noqa: ASYNC110  # Kafka has no event for this
            await asyncio.sleep(RETRY_S)
