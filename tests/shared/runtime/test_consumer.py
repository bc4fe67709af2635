"""A consumer is a table: each event reaches the use case of its type, and events of other types stop nothing."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from faststream import AckPolicy, BaseMiddleware
from faststream.kafka import KafkaBroker, KafkaMessage, TestKafkaBroker
from faststream.kafka.subscriber.usecase import LogicSubscriber
from faststream.message.message import AckStatus

from shared.errors import Invalid, Unavailable
from shared.events import DESK, REQUESTS, Envelope, Event, QuoteReleased, RequestErased, RequestReceived, Wishes
from shared.runtime.broker import new_broker
from shared.runtime.consumer import Consumer
from shared.runtime.dead_letters import DeadLetter
from tests.shared.runtime.builders import VERIFIER, headers_of
from tests.shared.runtime.fakes import InMemoryDeadLetters, a_consumer

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ERASED = RequestErased(request_id="r-1", erased_at=NOON)
RELEASED = QuoteReleased(request_id="r-1", quote_id="q-1", released_at=NOON, released_by="staff-1")
RECEIVED = RequestReceived(
    request_id="r-1",
    reception_no="K7M2P4XR",
    product="cyber-security",
    form_version="2026-10-01",
    accepted_at=NOON,
    wishes=Wishes(brochure="email", quote=False),
    parcels={},
)


class UseCase(list[Event]):
    """Remembers what it was called with."""

    async def __call__(self, event: Event) -> None:
        self.append(event)


async def bug(_event: Event) -> None:
    raise ZeroDivisionError


async def refuse(_event: Event) -> None:
    raise Invalid("unknown-product")


class Records:
    """The outermost middleware: remembers every message, to see later whether it was acknowledged."""

    def __init__(self) -> None:
        self.messages: list[KafkaMessage] = []

    def __call__(self, msg: Any, /, *, context: Any) -> BaseMiddleware[Any, Any]:  # noqa: ANN401  # FastStream's own types
        return _Remember(self.messages, msg, context=context)

    @property
    def acknowledged(self) -> list[bool]:
        return [message.committed is AckStatus.ACKED for message in self.messages]


class _Remember(BaseMiddleware[Any, Any]):
    def __init__(self, messages: list[KafkaMessage], msg: Any, /, *, context: Any) -> None:  # noqa: ANN401  # FastStream's own types
        super().__init__(msg, context=context)
        self._messages = messages

    async def consume_scope(self, call_next: Callable[[Any], Awaitable[Any]], msg: Any) -> None:  # noqa: ANN401  # FastStream's own types
        self._messages.append(msg)
        await call_next(msg)


@pytest.fixture
def dead() -> InMemoryDeadLetters:
    return InMemoryDeadLetters()


@pytest.fixture
def broker() -> KafkaBroker:
    return new_broker("nowhere:9092", "rating")


@pytest.fixture
def consumer(broker: KafkaBroker, dead: InMemoryDeadLetters) -> Consumer:
    return a_consumer(broker, dead)


@pytest.fixture
def records(broker: KafkaBroker) -> Records:
    records = Records()
    broker.insert_middleware(records)
    return records


async def publish(broker: KafkaBroker, event: Event, body: bytes | None = None) -> None:
    headers = headers_of(event, envelope_of(event))
    await broker.publish(body or event.to_json(), event.topic, key=b"r-1", headers=headers)


def envelope_of(event: Event) -> Envelope:
    return Envelope(id=f"id-{event.type}", type=event.type, source="/test", subject=event.request_id, time=NOON)


async def test_each_event_reaches_the_use_case_of_its_type_and_no_other(
    broker: KafkaBroker, consumer: Consumer
) -> None:
    erase, release = UseCase(), UseCase()
    consumer.read({RequestErased: erase, QuoteReleased: release})

    async with TestKafkaBroker(broker):
        await publish(broker, ERASED)
        await publish(broker, RELEASED)

    assert (erase, release) == ([ERASED], [RELEASED])


async def test_an_event_of_another_type_is_left_alone_and_acknowledged(
    broker: KafkaBroker, consumer: Consumer, records: Records, dead: InMemoryDeadLetters
) -> None:
    """Facts for other readers share the topic; one that is never acknowledged would stop the partition."""
    erase = UseCase()
    consumer.read({RequestErased: erase})

    async with TestKafkaBroker(broker):
        await publish(broker, RECEIVED)
        await publish(broker, ERASED)

    assert erase == [ERASED]
    assert records.acknowledged == [True, True]
    assert dead.letters == {}


async def test_a_record_is_worked_on_without_a_thread(broker: KafkaBroker, consumer: Consumer) -> None:
    """FastStream looked up what a handler asks for by its types in a thread, for every record."""
    threads: set[str] = set()
    of_others = set(threading.enumerate())

    async def count(_event: Event) -> None:
        mine = set(threading.enumerate()) - of_others
        threads.update(thread.name for thread in mine if "worker" in thread.name)

    consumer.read({RequestErased: count})

    async with TestKafkaBroker(broker):
        await publish(broker, ERASED)

    assert threads == set()


async def test_a_consumer_reads_the_topics_of_its_table_in_one_group_with_the_delivery_of_all(
    broker: KafkaBroker,
    consumer: Consumer,
) -> None:
    consumer.read({RequestErased: UseCase(), RequestReceived: UseCase(), QuoteReleased: UseCase()})

    (reader,) = broker.subscribers

    assert isinstance(reader, LogicSubscriber)
    assert (sorted(reader.topic_names), reader.group_id) == (sorted([REQUESTS, DESK]), "reader")
    assert reader.ack_policy is AckPolicy.NACK_ON_ERROR


async def test_two_readers_of_a_group_have_topics_of_their_own(broker: KafkaBroker, consumer: Consumer) -> None:
    """So that what takes long on one topic does not hold up the other."""
    erase, release = UseCase(), UseCase()
    consumer.read({RequestErased: erase})
    consumer.read({QuoteReleased: release})

    async with TestKafkaBroker(broker):
        await publish(broker, ERASED)
        await publish(broker, RELEASED)

    assert len(broker.subscribers) == 2
    assert (erase, release) == ([ERASED], [RELEASED])


async def test_two_readers_of_a_group_cannot_share_a_topic(consumer: Consumer) -> None:
    """Kafka would give each of them some partitions; events there that only the other knows would be lost."""
    consumer.read({RequestErased: UseCase()})

    with pytest.raises(ValueError, match=REQUESTS):
        consumer.read({RequestReceived: UseCase(), QuoteReleased: UseCase()})


async def test_readers_of_two_groups_each_get_every_event(broker: KafkaBroker, dead: InMemoryDeadLetters) -> None:
    """The journey in memory joins all services to one broker."""
    notify, dashboard = UseCase(), UseCase()
    a_consumer(broker, dead, "notify").read({RequestErased: notify})
    a_consumer(broker, dead, "dashboard").read({RequestErased: dashboard})

    async with TestKafkaBroker(broker):
        await publish(broker, ERASED)

    assert (notify, dashboard) == ([ERASED], [ERASED])


@pytest.mark.parametrize("body", [b"\x00 not json", b"{}"], ids=["garbage", "another shape"])
async def test_a_record_that_is_no_event_is_a_dead_letter_and_the_next_one_is_worked_on(
    body: bytes, broker: KafkaBroker, consumer: Consumer, records: Records, dead: InMemoryDeadLetters
) -> None:
    erase = UseCase()
    consumer.read({RequestErased: erase})

    async with TestKafkaBroker(broker):
        await publish(broker, ERASED, body)
        await publish(broker, ERASED)

    assert [letter["reason"] for letter in dead.letters.values()] == ["bad-body"]
    assert (erase, records.acknowledged) == ([ERASED], [True, True])


@pytest.mark.parametrize(
    ("use_case", "kind", "reason"),
    [
        pytest.param(refuse, "poison", "unknown-product", id="it can never be worked on"),
        pytest.param(bug, "bug", "ZeroDivisionError", id="the use case has a bug"),
    ],
)
async def test_an_event_that_its_use_case_cannot_work_on_is_a_dead_letter(
    *,
    use_case: Callable[[Event], Awaitable[None]],
    kind: str,
    reason: str,
    broker: KafkaBroker,
    consumer: Consumer,
    records: Records,
    dead: InMemoryDeadLetters,
) -> None:
    consumer.read({RequestErased: use_case})

    async with TestKafkaBroker(broker):
        await publish(broker, ERASED)

    assert [(letter["class"], letter["reason"]) for letter in dead.letters.values()] == [(kind, reason)]
    assert records.acknowledged == [True]


@pytest.mark.parametrize("signature", [None, "rating-1:" + "A" * 86 + "=="], ids=["unsigned", "of another service"])
async def test_a_record_that_its_writer_did_not_sign_reaches_no_use_case(
    signature: str | None, broker: KafkaBroker, consumer: Consumer, records: Records, dead: InMemoryDeadLetters
) -> None:
    """Whoever can write to the topic could else let a held quote go, or set its premium."""
    release = UseCase()
    consumer.read({QuoteReleased: release})
    forged = envelope_of(RELEASED).headers() | ({"ce_signature": signature} if signature else {})

    async with TestKafkaBroker(broker):
        await broker.publish(RELEASED.to_json(), DESK, key=b"r-1", headers=forged)
        await publish(broker, RELEASED)

    assert release == [RELEASED]
    assert [letter["reason"] for letter in dead.letters.values()] == ["bad-signature" if signature else "unsigned"]
    assert records.acknowledged == [True, True]


async def test_a_signed_record_that_became_a_dead_letter_still_verifies(
    broker: KafkaBroker, consumer: Consumer, dead: InMemoryDeadLetters
) -> None:
    """It is kept unaltered, so whoever publishes it again after a mended bug need not sign it."""
    consumer.read({QuoteReleased: refuse})

    async with TestKafkaBroker(broker):
        await publish(broker, RELEASED)

    (letter,) = dead.letters.values()
    headers = {name: value.decode() for name, value in letter["headers"]}
    VERIFIER.verify(letter["topic"], letter["key"], headers, letter["body"])


async def test_a_record_that_was_set_aside_is_worked_on_again_by_its_use_case(consumer: Consumer) -> None:
    erase = UseCase()
    consumer.read({RequestErased: erase})

    await consumer.work_again(a_letter_of(ERASED))

    assert erase == [ERASED]


async def test_what_keeps_it_from_being_worked_on_is_told(consumer: Consumer) -> None:
    consumer.read({RequestErased: refuse})

    for letter, reason in (
        (a_letter_of(ERASED), "unknown-product"),
        (replace(a_letter_of(ERASED), value=b"{"), "bad-body"),
        (replace(a_letter_of(RELEASED)), "not-read-here"),
    ):
        with pytest.raises(Invalid, match=reason):
            await consumer.work_again(letter)


def a_letter_of(event: Event) -> DeadLetter:
    headers = headers_of(event, envelope_of(event))
    return DeadLetter(
        id="letter",
        topic=event.topic,
        key=b"r-1",
        value=event.to_json(),
        headers=tuple((name, value.encode()) for name, value in headers.items()),
        subject=event.request_id,
        kind="bug",
        reason="ZeroDivisionError",
        first_seen=NOON,
    )


class Settling:
    """A look before records are done, which waits for *goes_on* and fails as long as it *is_away*."""

    def __init__(self) -> None:
        self.looks = 0
        self.is_away = False
        self.has_begun, self.goes_on = asyncio.Event(), asyncio.Event()
        self.goes_on.set()

    async def __call__(self) -> None:
        self.looks += 1
        self.has_begun.set()
        await self.goes_on.wait()
        if self.is_away:
            raise Unavailable("mongo")


async def test_one_look_is_for_the_records_of_all_readers_and_none_is_without_records(consumer: Consumer) -> None:
    look = Settling()
    consumer.check_before_commit(look)
    consumer.read({RequestErased: UseCase()})
    consumer.read({QuoteReleased: UseCase()})

    await consumer.commit()
    without_records = look.looks
    await consumer.work_again(a_letter_of(ERASED))
    await consumer.commit()

    assert (without_records, look.looks) == (0, 1)


async def test_a_look_that_failed_is_not_the_last_one(consumer: Consumer) -> None:
    look = Settling()
    consumer.check_before_commit(look)
    consumer.read({RequestErased: UseCase()})
    look.is_away = True
    with pytest.raises(Unavailable):
        await consumer.work_again(a_letter_of(ERASED))
    look.is_away = False

    await consumer.commit()

    assert look.looks == 2


async def test_what_ends_while_somebody_looks_waits_for_a_look_of_its_own(consumer: Consumer) -> None:
    """That look may have been over before it was written."""
    look = Settling()
    consumer.check_before_commit(look)
    consumer.read({RequestErased: UseCase()})
    look.goes_on.clear()
    first = asyncio.ensure_future(consumer.work_again(a_letter_of(ERASED)))
    await look.has_begun.wait()
    second = asyncio.ensure_future(consumer.work_again(a_letter_of(ERASED)))
    await asyncio.sleep(0)
    look.goes_on.set()

    await asyncio.gather(first, second)

    assert look.looks == 2
