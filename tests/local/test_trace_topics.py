"""What the topics have of one request: places, times and types, whatever a stranger has written."""

from datetime import timedelta

import pytest
from aiokafka import AIOKafkaProducer

from local.trace_topics import records_of
from shared.clock import utc_now
from shared.errors import Unavailable
from shared.events import QUOTES, REQUESTS

pytestmark = pytest.mark.anyio


async def test_the_records_of_a_request_are_shown_and_those_of_others_are_not(topics: str) -> None:
    began = utc_now() - timedelta(minutes=1)
    async with AIOKafkaProducer(bootstrap_servers=topics, acks="all") as producer:
        for topic, key in ((REQUESTS, b"r-1"), (REQUESTS, b"r-2"), (QUOTES, b"r-1"), (QUOTES, None)):
            await producer.send_and_wait(topic, b"{}", key=key, headers=[("ce_type", b"mitsumori.test.v1")])

    found = await records_of(topics, "r-1", began)

    assert sorted(entry.details["topic"] for entry in found) == [QUOTES, REQUESTS]
    assert {entry.details["type"] for entry in found} == {"mitsumori.test.v1"}
    assert all(began < entry.at <= utc_now() for entry in found)


@pytest.mark.parametrize("value", ["カナリヤ商事".encode(), b"\xff", None], ids=["a name", "no text", "null"])
async def test_nothing_that_somebody_wrote_into_a_record_is_shown(topics: str, value: bytes | None) -> None:
    async with AIOKafkaProducer(bootstrap_servers=topics, acks="all") as producer:
        await producer.send_and_wait(REQUESTS, "カナリヤ商事".encode(), key=b"r-1", headers=[("ce_type", value)])

    (entry,) = await records_of(topics, "r-1", utc_now() - timedelta(minutes=1))

    assert entry.details == {"topic": REQUESTS, "partition": entry.details["partition"], "offset": "0", "type": "?"}


async def test_a_kafka_without_a_record_of_it_is_no_trouble(topics: str) -> None:
    assert await records_of(topics, "r-1", utc_now()) == []


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1:99999", "nonsense", "kafka://x"])
async def test_what_is_no_kafka_is_one_sentence(address: str) -> None:
    with pytest.raises(Unavailable, match="Kafka の記録は読めません"):
        await records_of(address, "r-1", utc_now())
