"""Asks Kafka, with the same libraries as the services. What a service's user may not ask is not known."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, for_code

from local.doctor.check import NotKnown
from local.doctor.facts import (
    KafkaConfigs,
    KafkaGroups,
    KafkaReach,
    KafkaRecords,
    KafkaTopics,
    ReaderGroup,
    Topic,
)
from local.doctor.gather.kafka_groups import GroupAdmin
from local.kafka_trouble import kafka_trouble
from services.registry import service
from shared.clock import Clock
from shared.runtime.kafka_address import KafkaAddress

ASK_S: Final = 3.0
AWAY: Final = NotKnown("Kafka に接続できないため、調べていません。")
KINDS: Final = (KafkaTopics, KafkaConfigs, KafkaGroups, KafkaRecords)
_NO_LEADER: Final = -1
Found = TypeVar("Found")


async def ask_kafka(address: str, services: Sequence[str], now: Clock) -> dict[type[Any], Any]:
    """Each kind of facts, or why it is not known."""
    try:
        parsed = KafkaAddress.parse(address)
    except ValueError as reason:
        return _away("MITSUMORI_KAFKA", str(reason))
    try:
        async with asyncio.timeout(ASK_S), _admin(parsed) as admin:
            topics = await _topics(admin, services)
    except (KafkaError, OSError, TimeoutError) as error:
        # A server that says nothing would say nothing again.
        trouble = None if isinstance(error, TimeoutError) else await kafka_trouble(parsed)
        return _away(str(parsed), trouble.says if trouble else type(error).__name__, trouble.repair if trouble else "")
    there = {name: topic for name, topic in topics.topics.items() if topic.partitions}
    configs, groups, records = await asyncio.gather(
        _known(lambda: _configs(parsed, there)),
        _known(lambda: _groups(parsed, services, there)),
        _known(lambda: _records(parsed, _read_by(services, there), now)),
    )
    return {
        KafkaReach: KafkaReach(address=str(parsed), trouble=""),
        KafkaTopics: topics,
        KafkaConfigs: configs,
        KafkaGroups: groups,
        KafkaRecords: records,
    }


async def _known(ask: Callable[[], Awaitable[Found]]) -> Found | NotKnown:
    try:
        async with asyncio.timeout(ASK_S):
            return await ask()
    except (KafkaError, OSError, TimeoutError, LookupError, TypeError) as error:
        # The last two: another version answers in another way.
        return NotKnown(
            f"Kafka が答えないか、この利用者には権限がありません({type(error).__name__})。"
            "operator の接続先で実行してください。"
        )


def _away(address: str, trouble: str, repair: str = "") -> dict[type[Any], Any]:
    return {KafkaReach: KafkaReach(address=address, trouble=trouble, repair=repair), **dict.fromkeys(KINDS, AWAY)}


@asynccontextmanager
async def _admin(address: KafkaAddress) -> AsyncIterator[GroupAdmin]:
    admin = GroupAdmin(**address.client_options)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


@asynccontextmanager
async def _consumer(address: KafkaAddress) -> AsyncIterator[AIOKafkaConsumer]:
    """It joins no group, so no reader notices it."""
    consumer = AIOKafkaConsumer(**address.client_options, enable_auto_commit=False)
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


async def _topics(admin: GroupAdmin, services: Sequence[str]) -> KafkaTopics:
    wanted = sorted({topic for name in services for topic in (*service(name).reads, *service(name).writes)})
    cluster, described = await asyncio.gather(admin.describe_cluster(), admin.describe_topics())
    return KafkaTopics(
        brokers=len(cluster["brokers"]),
        wanted=wanted,
        topics={
            one["topic"]: _topic(one["partitions"])
            for one in described
            if one["topic"] in wanted and not one["error_code"]
        },
    )


def _topic(partitions: Sequence[Mapping[str, Any]]) -> Topic:
    return Topic(
        partitions=len(partitions),
        replicas=min((len(one["replicas"]) for one in partitions), default=0),
        in_sync=min((len(one["isr"]) for one in partitions), default=0),
        without_leader=sum(one["leader"] == _NO_LEADER for one in partitions),
    )


async def _configs(address: KafkaAddress, topics: Mapping[str, Topic]) -> KafkaConfigs:
    async with _admin(address) as admin:
        answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in topics])
    configs = {}
    for answer in answers:
        for code, _, _, name, entries in answer.resources:
            if code:
                raise for_code(code)(name)
            configs[name] = {entry[0]: entry[1] for entry in entries}
    return KafkaConfigs(topics=configs, replicas={name: topic.replicas for name, topic in topics.items()})


async def _groups(address: KafkaAddress, services: Sequence[str], topics: Mapping[str, Topic]) -> KafkaGroups:
    async with _admin(address) as admin, _consumer(address) as consumer:
        groups = {}
        for name in services:
            places = _places(_read_by([name], topics))
            coordinator, members = await admin.members_of(name)
            committed = await admin.list_consumer_group_offsets(name, coordinator)
            first, end = await asyncio.gather(consumer.beginning_offsets(places), consumer.end_offsets(places))
            done = {place: committed[place].offset if place in committed else first[place] for place in places}
            lag = sum(max(0, end[place] - max(done[place], first[place])) for place in places)
            groups[name] = ReaderGroup(members=members, lag=lag)
    return KafkaGroups(groups=groups)


async def _records(address: KafkaAddress, topics: Mapping[str, Topic], now: Clock) -> KafkaRecords:
    async with _consumer(address) as consumer:
        places = _places(topics)
        first, end = await asyncio.gather(consumer.beginning_offsets(places), consumer.end_offsets(places))
        newest = await _newest(consumer, {place: end[place] for place in places if end[place] > first[place]})
    at = now()
    return KafkaRecords(ahead={name: _moment(timestamp) - at for name, timestamp in newest.items()})


async def _newest(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> dict[str, int]:
    """Topic → the latest time of the last records of its partitions, in milliseconds."""
    newest: dict[str, int] = {}
    wanted = set(ends)
    consumer.assign(sorted(wanted))
    for place, end in ends.items():
        consumer.seek(place, end - 1)
    while wanted:
        for place, records in (await consumer.getmany(timeout_ms=500)).items():
            wanted.discard(place)
            newest[place.topic] = max(newest.get(place.topic, 0), *(record.timestamp for record in records))
    return newest


def _read_by(services: Sequence[str], topics: Mapping[str, Topic]) -> dict[str, Topic]:
    """Of *topics*; a service's user may not read the others."""
    read = {topic for name in services for topic in service(name).reads}
    return {name: topic for name, topic in topics.items() if name in read}


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)


def _places(topics: Mapping[str, Topic]) -> list[TopicPartition]:
    return [TopicPartition(name, number) for name, topic in topics.items() for number in range(topic.partitions)]
