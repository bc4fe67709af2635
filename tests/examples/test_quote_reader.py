"""The example for somebody else's dashboard: in memory, and as a program of its own on a real Kafka."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from aiokafka import AIOKafkaProducer
from faststream.kafka import TestKafkaBroker

from examples import quote_reader
from shared.events import QUOTES
from tests.architecture.repository import ROOT

pytestmark = pytest.mark.anyio

GOLDEN: Final = ROOT / "tests" / "contracts" / "golden"


def record(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return found


OFFERED: Final = record("mitsumori.quote.offered.v1")
REFERRED: Final = record("mitsumori.quote.referred.v1")
OFFERED_ID: Final = str(OFFERED["body"]["quote_id"])
REFERRED_ID: Final = str(REFERRED["body"]["quote_id"])


async def test_each_quote_is_counted_once_by_day_and_what_is_unknown_is_ignored() -> None:
    quote_reader.quotes.clear()
    of_tomorrow = OFFERED["headers"] | {"ce_type": "mitsumori.quote.sold.v1", "ce_id": "another"}

    async with TestKafkaBroker(quote_reader.broker) as broker:
        for one in (OFFERED, REFERRED, OFFERED):
            await broker.publish(one["body"], QUOTES, headers=one["headers"])
        await broker.publish({}, QUOTES, headers=of_tomorrow)

    assert dict(quote_reader.quotes) == {("2026-11-23", "offered"): 1, ("2026-11-23", "referred"): 1}


async def test_on_a_real_kafka_it_reads_from_the_beginning_and_goes_on_after_what_it_cannot_read(topics: str) -> None:
    async with AIOKafkaProducer(bootstrap_servers=topics) as producer:
        for body, one in ((b"no json", OFFERED), (None, OFFERED), (None, REFERRED)):
            headers = [(name, value.encode()) for name, value in one["headers"].items()]
            content = body or json.dumps(one["body"]).encode()
            await producer.send_and_wait(QUOTES, content, key=b"one request", headers=headers)

    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "examples.quote_reader"),
        cwd=ROOT,
        env={"KAFKA": topics, "GROUP": f"test-{os.getpid()}", "PATH": "", "PYTHONPATH": str(Path(ROOT))},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert program.stdout
        async with asyncio.timeout(60):
            lines: list[list[str]] = []
            while len(lines) < 2:
                line = (await program.stdout.readline()).decode()
                # FastStream's own log is there too.
                lines += [line.split()] if line.startswith((OFFERED_ID, REFERRED_ID)) else []
    finally:
        program.kill()
        await program.communicate()

    premium = str(OFFERED["body"]["options"][0]["premium"])
    assert lines == [
        [OFFERED_ID, "offered", premium],
        [REFERRED_ID, "referred", "-"],
    ]
