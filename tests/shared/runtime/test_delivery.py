"""What happens to a record: it is done, it waits, or it becomes a dead letter. It is never lost or tried for ever."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from aiokafka import ConsumerRecord
from faststream.kafka import KafkaMessage
from faststream.kafka.message import FAKE_CONSUMER

from shared.errors import Invalid, Unavailable
from shared.events import REQUESTS
from shared.runtime.broker import parse_any_record
from shared.runtime.delivery import BUG_BACKOFF, UNAVAILABLE_BACKOFF, Delivery, headers_of
from tests.shared.runtime.builders import a_record
from tests.shared.runtime.fakes import InMemoryDeadLetters, PanicException, Waits

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@dataclass
class Handler:
    """Fails with each of *failures* in turn, then succeeds."""

    failures: list[BaseException]
    handled: int = 0

    async def __call__(self) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.handled += 1


@pytest.fixture
def dead() -> InMemoryDeadLetters:
    return InMemoryDeadLetters()


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def delivery(dead: InMemoryDeadLetters, waits: Waits) -> Delivery:
    return Delivery("rating", dead, lambda: NOON, pause=waits)


async def test_a_record_that_can_never_be_worked_on_is_set_aside_unaltered(
    delivery: Delivery, dead: InMemoryDeadLetters
) -> None:
    await delivery.work(Handler([Invalid("bad-body")]), a_record())

    (letter,) = dead.letters.values()
    assert (letter["class"], letter["reason"], letter["body"]) == ("poison", "bad-body", b"\xff body")
    assert (letter["group"], letter["topic"], letter["partition"], letter["offset"]) == ("rating", REQUESTS, 2, 7)


async def test_a_record_that_is_read_again_is_set_aside_once(delivery: Delivery, dead: InMemoryDeadLetters) -> None:
    await delivery.work(Handler([Invalid("bad-body")]), a_record())
    await delivery.work(Handler([Invalid("bad-body")]), a_record())

    assert len(dead.letters) == 1


async def test_while_something_is_away_the_record_waits_in_its_place(
    delivery: Delivery, dead: InMemoryDeadLetters, waits: Waits
) -> None:
    handler = Handler([Unavailable("mongo")] * 3)

    await delivery.work(handler, a_record())

    assert (handler.handled, waits, dead.letters) == (1, [0.25, 0.5, 1.0], {})


async def test_after_a_minute_the_record_goes_back_to_the_broker_and_never_to_the_dead_letters(
    delivery: Delivery, dead: InMemoryDeadLetters
) -> None:
    """The group must hear from this process within five minutes, or it loses its partitions."""
    handler = Handler([Unavailable("mongo")] * 99)

    with pytest.raises(Unavailable):
        await delivery.work(handler, a_record())

    assert dead.letters == {}
    assert 50 <= sum(UNAVAILABLE_BACKOFF.waits_s) <= 90


async def test_a_bug_gets_five_tries_before_its_record_is_set_aside(
    delivery: Delivery, dead: InMemoryDeadLetters, waits: Waits
) -> None:
    handler = Handler([ZeroDivisionError("カナリヤ商事")] * 5)

    await delivery.work(handler, a_record())

    (letter,) = dead.letters.values()
    assert (letter["class"], letter["reason"]) == ("bug", "ZeroDivisionError")
    assert (handler.handled, waits) == (0, list(BUG_BACKOFF.waits_s))


async def test_a_panic_of_a_library_in_rust_is_a_bug_like_any_other(
    delivery: Delivery, dead: InMemoryDeadLetters
) -> None:
    """It is no `Exception`: the record was neither done nor set aside, and was read again for ever."""
    await delivery.work(Handler([PanicException() for _ in BUG_BACKOFF.tries()]), a_record())

    (letter,) = dead.letters.values()
    assert (letter["class"], letter["reason"]) == ("bug", "PanicException")


@pytest.mark.parametrize("end", [asyncio.CancelledError, KeyboardInterrupt, SystemExit])
async def test_a_process_that_ends_sets_nothing_aside(
    delivery: Delivery, dead: InMemoryDeadLetters, end: type[BaseException]
) -> None:
    with pytest.raises(end):
        await delivery.work(Handler([end()]), a_record())

    assert dead.letters == {}


async def test_a_bug_that_passes_costs_only_the_wait(delivery: Delivery, dead: InMemoryDeadLetters) -> None:
    handler = Handler([ZeroDivisionError()])

    await delivery.work(handler, a_record())

    assert (handler.handled, dead.letters) == (1, {})


@pytest.mark.parametrize("headers", [[("ce_type", b"\xff\xfe")], [("ce_id", None)]], ids=["not UTF-8", "null"])
async def test_a_header_that_nobody_can_read_does_not_hide_the_record(headers: list[tuple[str, bytes | None]]) -> None:
    """FastStream's own parser raises here, and the next success would commit past the record: lost in silence."""

    async def original(record: "ConsumerRecord[bytes, bytes]") -> KafkaMessage:
        found = {name: value.decode() for name, value in record.headers}
        return KafkaMessage(body=b"", headers=found, raw_message=record, consumer=FAKE_CONSUMER)

    record = a_record(headers)

    message = await parse_any_record(record, original)

    assert message.raw_message is record
    assert headers_of(record) == {}
