"""How events get to Kafka, and what is said when they do not. That they arrive: test_delivery_on_kafka.py."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shared.runtime.outbox import KafkaAway, outbox_entry
from shared.runtime.publisher import KafkaPublisher
from tests.shared.runtime.builders import a_document

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def hangs_up() -> AsyncIterator[tuple[str, list[object]]]:
    """Something that takes connections and closes each at once: its address, and the connections."""
    connections: list[object] = []

    async def close(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        writer.close()

    server = await asyncio.start_server(close, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", connections


async def test_one_try_to_connect_is_for_all_events_that_wait() -> None:
    """Each tried for itself, one after the other: where nothing answers, a hundred took a quarter of an hour."""
    async with hangs_up() as (address, connections):
        publisher = KafkaPublisher(address, "intake")
        events = [outbox_entry("facts", a_document(f"r-{number}")) for number in range(100)]

        ends = await asyncio.gather(*map(publisher.publish, events), return_exceptions=True)
        first = len(connections)
        await asyncio.gather(*map(publisher.publish, events), return_exceptions=True)
        await publisher.close()

    assert {type(end) for end in ends} == {KafkaAway}
    assert 0 < first < 10
    assert len(connections) == 2 * first
