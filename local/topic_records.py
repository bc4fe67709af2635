"""Reads the topics as an operator does, from a moment on: without a group, so that no reader is disturbed."""

import time
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.events import TOPICS
from shared.runtime.kafka_address import KafkaAddress

_POLL_MS: Final = 1_000
_SILENT_S: Final = 20.0


async def batches_since(
    kafka: str, since: datetime, topics: Sequence[str] = TOPICS
) -> AsyncGenerator[Sequence[Any], None]:
    """The records of *topics*, which must be there, that were written after *since*, up to where the topics end now.

    Raises `KafkaError`, `OSError`, `ValueError` of an address, and `TimeoutError` when Kafka has become silent.
    """
    options = KafkaAddress.parse(kafka).client_options
    # Without a group it gets all partitions, and commits nothing.
    consumer: Any = AIOKafkaConsumer(*topics, **options, group_id=None, auto_offset_reset="latest")
    try:
        await consumer.start()
        ends, heard = await _places_to_read(consumer, since), time.monotonic()
        while ends:
            for records in (await consumer.getmany(timeout_ms=_POLL_MS)).values():
                heard = time.monotonic()
                yield records
            if time.monotonic() - heard > _SILENT_S:
                raise TimeoutError
            for place in [place for place in ends if await consumer.position(place) >= ends[place]]:
                del ends[place]
    finally:
        await consumer.stop()


async def _places_to_read(consumer: Any, since: datetime) -> dict[TopicPartition, int]:  # noqa: ANN401  # aiokafka ships no types
    """Have *consumer* read from *since*. Returns partition → where its records end, of those that have any."""
    places = list(consumer.assignment())
    first = await consumer.offsets_for_times(dict.fromkeys(places, int(since.timestamp() * 1000)))
    ends = await consumer.end_offsets(places)
    wanted = {place: offset.offset for place, offset in first.items() if offset and offset.offset < ends[place]}
    for place, offset in wanted.items():
        consumer.seek(place, offset)
    return {place: ends[place] for place in wanted}
