"""The records of one request as Kafka has them, for `mitsumori trace`: of each its place, time and type."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any, Final

from aiokafka.errors import KafkaError

from local.topic_records import batches_since
from local.trace import Entry
from shared.errors import Unavailable
from shared.runtime.masked import as_name

_LIMIT_S: Final = 20.0


async def records_of(kafka: str, request_id: str, since: datetime) -> Sequence[Entry]:
    """Those under this key that were written after *since*. Raises `Unavailable`, with a sentence for the operator."""
    try:
        async with asyncio.timeout(_LIMIT_S), aclosing(batches_since(kafka, since)) as batches:
            return [_entry(record) async for batch in batches for record in batch if record.key == request_id.encode()]
    except (KafkaError, OSError, TimeoutError, ValueError, OverflowError) as error:
        raise Unavailable(f"Kafka の記録は読めません({type(error).__name__})。") from None


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
