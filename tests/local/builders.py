"""A mongod that cannot start, and records on a topic."""

from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.events import REQUESTS


def broken_mongod(folder: Path, last_words: str) -> Path:
    """A folder with a mongod that prints *last_words* and fails."""
    program = folder / "path" / "mongod"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{last_words}' >&2\nexit 127\n")
    program.chmod(0o755)
    return program.parent


async def publish(address: str, body: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=address, acks="all") as producer:
        await producer.send_and_wait(REQUESTS, body, key=b"request")


async def read_one(address: str, group: str | None) -> bytes | None:
    async with AIOKafkaConsumer(
        REQUESTS, bootstrap_servers=address, group_id=group, auto_offset_reset="earliest"
    ) as consumer:
        record = await consumer.getone()
        body: bytes | None = record.value
        return body
