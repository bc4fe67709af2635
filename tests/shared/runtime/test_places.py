"""The places of a reader: what has to be read again is read again, whatever has become of the other partitions."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError

from shared.errors import Unavailable
from shared.runtime.places import Places

pytestmark = pytest.mark.anyio


class Owner:
    """A consumer that has two partitions, as aiokafka's does."""

    def __init__(self) -> None:
        self.sought: dict[TopicPartition, int] = {}

    def seek(self, partition: TopicPartition, offset: int) -> None:
        if partition.partition > 1:
            raise IllegalStateError(f"{partition} is not assigned")
        self.sought[partition] = offset


async def nothing_left_open() -> None:
    """Nothing is checked before a commit."""


class Group(AIOKafkaConsumer):  # type: ignore[misc]  # aiokafka has no types
    """A reader of one partition, which remembers what it has committed."""

    def __init__(self) -> None:
        self.committed: dict[TopicPartition, int] = {}

    def assignment(self) -> set[TopicPartition]:
        return {TopicPartition("t", 0)}

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        self.committed |= offsets


@pytest.mark.parametrize("settles", [True, False])
async def test_nothing_is_committed_before_what_the_records_left_open_is_settled(settles: bool) -> None:  # noqa: FBT001
    async def settle() -> None:
        if not settles:
            raise Unavailable("mongo")

    group, places = Group(), Places(settle)
    await places.of(group, [SimpleNamespace(topic="t", partition=0, offset=7)]).commit()

    await places.commit()

    assert group.committed == ({TopicPartition("t", 0): 8} if settles else {})


async def test_a_partition_that_another_reader_has_now_keeps_none_of_the_others_from_going_back() -> None:
    """A rebalance came between a batch and its failure: what was behind the lost partition was never read again."""
    owner = Owner()
    records: Any = [SimpleNamespace(topic="t", partition=number, offset=7) for number in (5, 0, 1)]
    places = Places(nothing_left_open).of(owner, records)

    for record in records:
        places.seek(TopicPartition(record.topic, record.partition), record.offset)

    assert owner.sought == {TopicPartition("t", 0): 7, TopicPartition("t", 1): 7}
