"""The places of a reader: what has to be read again is read again, whatever has become of the other partitions."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import IllegalStateError

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


async def test_a_partition_that_another_reader_has_now_keeps_none_of_the_others_from_going_back() -> None:
    """A rebalance came between a batch and its failure: what was behind the lost partition was never read again."""
    owner = Owner()
    records: Any = [SimpleNamespace(topic="t", partition=number, offset=7) for number in (5, 0, 1)]
    places = Places().of(owner, records)

    for record in records:
        places.seek(TopicPartition(record.topic, record.partition), record.offset)

    assert owner.sought == {TopicPartition("t", 0): 7, TopicPartition("t", 1): 7}
