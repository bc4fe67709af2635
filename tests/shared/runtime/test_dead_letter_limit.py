"""A bug that shows with every record stops the reader: all others stay in Kafka, and the operator is told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.clock import utc_now
from shared.errors import Invalid, Unavailable
from shared.events import Envelope, RequestErased, RequestReceived
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.broker import new_broker
from shared.runtime.consumer import Consumer
from shared.runtime.dead_letter_limit import DeadLetterLimit
from shared.runtime.delivery import Delivery, Record
from tests.shared.runtime.builders import VERIFIER, a_record, until
from tests.shared.runtime.fakes import InMemoryDeadLetters, Waits

pytestmark = pytest.mark.anyio

ERASED, RECEIVED = RequestErased.type, RequestReceived.type


def of_type(event_type: str, offset: int) -> Record:
    return a_record([("ce_type", event_type.encode())], offset)


class Service:
    """Reads with a limit of three. `failing`: records of which types fail, and by what."""

    def __init__(self, most: int = 3) -> None:
        self.dead = InMemoryDeadLetters()
        self.limit = DeadLetterLimit(most)
        self.delivery = Delivery("rating", self.dead, utc_now, pause=self.wait, limit=self.limit)
        self.failing: dict[str, Exception] = {}
        self.mended_after: int | None = None
        self.waits = Waits()

    async def wait(self, seconds: float) -> None:
        await self.waits(seconds)
        await asyncio.sleep(0)
        if self.mended_after is not None:
            self.mended_after -= 1
            if self.mended_after < 0:
                self.failing.clear()

    async def read(self, *event_types: str, first: int = 0) -> int:
        """How many of these records, one after the other, are done or set aside."""
        past = 0
        for offset, event_type in enumerate(event_types, first):
            try:
                await self.delivery.work(partial(self.handle, event_type), of_type(event_type, offset))
            except Unavailable:
                continue
            past += 1
        return past

    async def handle(self, event_type: str) -> None:
        if failure := self.failing.get(event_type):
            raise failure

    def set_aside(self, kind: str = "bug") -> int:
        return sum(letter["class"] == kind for letter in self.dead.letters.values())


@pytest.fixture
def broken() -> Service:
    """Each `request.erased` shows a bug."""
    service = Service()
    service.failing[ERASED] = ZeroDivisionError()
    return service


async def test_after_so_many_bugs_in_a_row_the_next_record_stays_in_kafka(broken: Service) -> None:
    past = await broken.read(*[ERASED] * 3)
    later = await broken.read(*[ERASED] * 5, first=3)

    assert (past, later, broken.set_aside()) == (3, 0, 3)
    assert broken.limit.is_reached


async def test_the_log_and_a_metric_say_that_it_stops_and_that_it_goes_on(broken: Service) -> None:
    with capture_logs() as lines:
        await broken.read(*[ERASED] * 9)
        stopped = REGISTRY.get_sample_value("consumer_stopped", {"type": ERASED})
        broken.failing.clear()
        await broken.read(ERASED, first=9)

    told = [(line["event"], line["log_level"]) for line in lines if line["event"].startswith("consumer")]
    assert told == [("consumer stops", "error"), ("consumer goes on", "warning")]
    assert (stopped, REGISTRY.get_sample_value("consumer_stopped", {"type": ERASED})) == (1, 0)


async def test_it_goes_on_by_itself_when_the_cause_is_gone(broken: Service) -> None:
    await broken.read(*[ERASED] * 3)
    broken.mended_after = len(broken.waits) // 3

    past = await broken.read(*[ERASED] * 2, first=3)

    assert (past, broken.set_aside(), broken.limit.is_reached) == (2, 3, False)


async def read_together(service: Service, records: Iterable[tuple[int, bool]]) -> list[int]:
    """As a reader does, all at the same time, by offset and whether they are good. Those that are to be read again."""

    async def work(offset: int, *, is_good: bool) -> None:
        async def handle() -> None:
            if not is_good:
                raise ZeroDivisionError

        await service.delivery.work(handle, of_type(RECEIVED, offset))

    looked_at = list(records)
    ends = await asyncio.gather(*(work(number, is_good=good) for number, good in looked_at), return_exceptions=True)
    return [number for (number, _), end in zip(looked_at, ends, strict=True) if isinstance(end, Unavailable)]


async def test_a_strangers_bad_records_among_good_ones_keep_nobody_waiting_for_long() -> None:
    """All of a look are read again while one of them waits; what is a dead letter already neither counts nor waits."""
    service, look = Service(), [(number, number % 4 == 3) for number in range(16)]

    looks = 1
    while await read_together(service, look):
        looks += 1
        assert looks < 10

    assert service.set_aside() == 12


async def test_a_restart_sets_others_aside_and_not_the_same_again() -> None:
    service, look = Service(), [(number, False) for number in range(9)]
    await read_together(service, look)
    again = Service()
    again.dead = service.dead
    again.delivery.dead_letters = service.dead

    for _ in range(2):
        await read_together(again, look)

    assert again.set_aside() == 6


async def test_one_record_that_is_done_shows_that_it_is_not_every_one(broken: Service) -> None:
    failure = broken.failing.pop(ERASED)
    for first in (0, 10, 20):
        await broken.read(ERASED, first=first)
        broken.failing[ERASED] = failure
        await broken.read(ERASED, ERASED, first=first + 1)
        broken.failing.clear()

    assert (broken.set_aside(), broken.limit.is_reached) == (6, False)


@pytest.mark.parametrize("other", [None, Invalid("no-tariff")], ids=["done", "refused"])
async def test_records_of_other_types_in_between_change_nothing(broken: Service, other: Exception | None) -> None:
    """A broken quote letter would never stop a notify that still writes the receipts in between."""
    if other:
        broken.failing[RECEIVED] = other

    await broken.read(*[ERASED, RECEIVED] * 3)
    past = await broken.read(ERASED, RECEIVED, first=6)

    assert (past, broken.set_aside()) == (1, 3)


async def test_what_is_refused_neither_counts_nor_ends_the_count(broken: Service) -> None:
    for offset, failure in enumerate([ZeroDivisionError(), Invalid("bad"), ZeroDivisionError(), Invalid("bad")]):
        broken.failing[ERASED] = failure
        await broken.read(ERASED, first=offset)
    before = broken.limit.is_reached
    broken.failing[ERASED] = ZeroDivisionError()
    await broken.read(ERASED, first=4)

    assert (before, broken.limit.is_reached, broken.set_aside("poison")) == (False, True, 2)


async def test_records_that_fail_at_the_same_moment_do_not_pass_the_limit(broken: Service) -> None:
    """Sixteen are worked on at once."""
    await asyncio.gather(*(broken.read(ERASED, first=offset) for offset in range(16)))

    assert broken.set_aside() == 3


async def test_no_stranger_stops_a_reader_with_records_of_no_type_of_ours() -> None:
    service = Service()
    service.failing["mitsumori.moon.rose.v1"] = ZeroDivisionError()

    past = await service.read(*["mitsumori.moon.rose.v1"] * 9)

    assert (past, service.limit.is_reached) == (9, False)


async def test_without_a_limit_all_of_them_are_set_aside() -> None:
    service = Service(most=0)
    service.failing[ERASED] = ZeroDivisionError()

    assert await service.read(*[ERASED] * 30) == service.set_aside() == 30


async def test_a_restart_reads_on_from_where_it_stopped_and_nothing_is_lost(topics: str, database: Database) -> None:
    """Those that were set aside together with one that waits are read again with it: their work is safe to repeat."""
    group, erased = f"reader-{uuid4()}", [RequestErased(request_id=str(uuid4()), erased_at=utc_now()) for _ in range(9)]
    await publish(topics, erased)
    seen: set[str] = set()

    async def fails(_event: RequestErased) -> None:
        raise ZeroDivisionError

    async def works(event: RequestErased) -> None:
        seen.add(event.request_id)

    async with reading(topics, database, group, fails) as limit:
        await until(lambda: limit.is_reached)
    set_aside = {letter["subject"] async for letter in database["dead_letters"].find()}
    async with reading(topics, database, group, works):
        await until(lambda: {one.request_id for one in erased} == seen | set_aside)

    assert len(set_aside) == 3
    assert len(seen) >= 6


async def publish(kafka: str, events: Iterable[RequestErased]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    try:
        for event in events:
            of = event.request_id
            envelope = Envelope(id=of, type=event.type, source="/test", subject=of, time=event.erased_at)
            headers = [(name, value.encode()) for name, value in envelope.headers().items()]
            await producer.send_and_wait(event.topic, event.to_json(), key=of.encode(), headers=headers)
    finally:
        await producer.stop()


@asynccontextmanager
async def reading(
    kafka: str, database: Database, group: str, use_case: Callable[[RequestErased], Awaitable[None]]
) -> AsyncIterator[DeadLetterLimit]:
    async def no_time(_seconds: float) -> None:
        await asyncio.sleep(0)

    limit, broker = DeadLetterLimit(3), new_broker(kafka, group)
    delivery = Delivery(group, MongoDeadLetters(database), utc_now, pause=no_time, limit=limit)
    consumer = Consumer(broker, delivery, VERIFIER)
    consumer.read({RequestErased: use_case})
    async with broker:
        await broker.start()
        yield limit
        await consumer.commit()
