"""The records of one request as Kafka has them, for `mitsumori trace`: of each its place, time and type."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from local.trace import Entry
from shared.errors import Unavailable
from shared.events import TOPICS
from shared.runtime.kafka_address import KafkaAddress
from shared.runtime.masked import as_name

_LIMIT_S: Final = 20.0
_POLL_MS: Final = 1_000


async def records_of(kafka: str, request_id: str, since: datetime) -> Sequence[Entry]:
    """Those under this key that were written after *since*. Raises `Unavailable`, with a sentence for the operator."""
    try:
        options = KafkaAddress.parse(kafka).client_options
        async with asyncio.timeout(_LIMIT_S):
            return await _read(options, request_id.encode(), since)
    except (KafkaError, OSError, TimeoutError, ValueError, OverflowError) as error:
        raise Unavailable(f"Kafka の記録は読めません({type(error).__name__})。") from None


async def _read(options: dict[str, Any], key: bytes, since: datetime) -> list[Entry]:
    # Without a group it gets all partitions, commits nothing, and disturbs no reader.
    consumer: Any = AIOKafkaConsumer(*TOPICS, **options, group_id=None, auto_offset_reset="latest")
    try:
        await consumer.start()
        ends = await places_to_read(consumer, since)
        found: list[Entry] = []
        while ends:
            for records in (await consumer.getmany(timeout_ms=_POLL_MS)).values():
                found += [_entry(record) for record in records if record.key == key]
            for place in [place for place in ends if await consumer.position(place) >= ends[place]]:
                del ends[place]
        return found
    finally:
        await consumer.stop()


async def places_to_read(consumer: Any, since: datetime) -> dict[TopicPartition, int]:  # noqa: ANN401  # aiokafka ships no types
    """Have *consumer* read from *since*. Returns partition → where its records end, of those that have any."""
    places = list(consumer.assignment())
    first = await consumer.offsets_for_times(dict.fromkeys(places, int(since.timestamp() * 1000)))
    ends = await consumer.end_offsets(places)
    wanted = {place: offset.offset for place, offset in first.items() if offset and offset.offset < ends[place]}
    for place, offset in wanted.items():
        consumer.seek(place, offset)
    return {place: ends[place] for place in wanted}


def _entry(record: Any) -> Entry:  # noqa: ANN401  # aiokafka ships no types
    types = [value for name, value in record.headers if name == "ce_type" and value]
    return Entry(
        at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        service="kafka",
        what="トピックの記録",
        details={
            "topic": record.topic,
            "partition": str(record.partition),
            "offset": str(record.offset),
            "type": as_name(types[0].decode(errors="replace")) if types else "?",
        },
    )
