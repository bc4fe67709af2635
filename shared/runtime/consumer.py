"""A consumer is a table from the type of an event to the use case that acts on it.

Records that have arrived together are worked on together: FastStream hands over the first, and what else has been
fetched is taken with it. (FastStream's own batches wait for a time without listening when there is nothing, and make
one span of many traces.)
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import Any, Final

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.subscriber.usecase import LogicSubscriber
from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind

from shared.errors import Invalid, Unavailable
from shared.events import TOPICS, Event, read
from shared.runtime.broker import DELIVERY_OPTIONS
from shared.runtime.dead_letters import DeadLetter
from shared.runtime.delivery import Delivery, KnownRecord, Record, headers_of
from shared.runtime.places import COMMIT_EVERY_S, Places
from shared.runtime.signatures import Verifier
from shared.runtime.waiting import Pause

Table = Mapping[type[Event], Callable[[Any], Awaitable[None]]]
"""The use case for each type of event. A use case may raise `Invalid` or `Unavailable` (see `delivery.py`)."""

Divide = Callable[[Sequence[Record]], Iterable[Sequence[Record]]]
"""Into rows: the records of each are worked on in order, and the rows at the same time."""

MOST_AT_ONCE: Final = 16
"""If a bug shows with each of them and they have one key, their tries take four minutes: the group waits for five."""
MOST_TO_FOLLOW: Final = 100
FOLLOW_EVERY_S: Final = 0.25
"""From one look of a reader for whom nobody waits to its next. A record that comes later than this is not delayed."""


class Consumer:
    """Reads topics for one service. Records that have arrived together are worked on at the same time."""

    def __init__(self, broker: KafkaBroker, delivery: Delivery, verifier: Verifier) -> None:
        self._broker = broker
        self._delivery = delivery
        self._verifier = verifier
        self._tracer = trace.get_tracer(__name__)
        self._places: list[Places] = []
        self._tables: list[Table] = []
        self._checks: list[Callable[[], Awaitable[None]]] = []
        self._settling = asyncio.Lock()
        self._is_settled = True

    def check_before_commit(self, check: Callable[[], Awaitable[None]]) -> None:
        """Records are not done before *check* has returned: it is called once for many. It may raise `Unavailable`."""
        self._checks.append(check)

    def read(self, table: Table) -> None:
        """Read the topics of *table*, and call the use case of each event: those of one request in their order.

        Events of other types on these topics are for other groups: they are acknowledged and ignored. A second call
        adds a second reader, which works at the same time. Raises `ValueError` when it would share a topic with
        another reader of this service: Kafka would divide the partitions between them, and each would lose what only
        the other has in its table.
        """
        self._subscribe(table, _by_key, MOST_AT_ONCE, pause_s=0)

    def follow(self, table: Table) -> None:
        """As `read`, for a reader that only keeps facts: nobody waits for it, and it needs no order.

        What comes within a quarter of a second is kept together: a form's facts come one after another.
        """
        self._subscribe(table, _each, MOST_TO_FOLLOW, pause_s=FOLLOW_EVERY_S)

    def _subscribe(self, table: Table, divide: Divide, most: int, *, pause_s: float) -> None:
        group = self._delivery.group
        topics = [topic for topic in TOPICS if topic in {event.topic for event in table}]
        readers = [reader for reader in self._broker.subscribers if isinstance(reader, LogicSubscriber)]
        taken = {topic for reader in readers if reader.group_id == group for topic in reader.topic_names}
        if shared := taken.intersection(topics):
            raise ValueError(f"more than one reader of {', '.join(sorted(shared))}")

        self._tables.append(table)
        places, pause = Places(self._settle), Pause(pause_s)
        self._places.append(places)

        @self._broker.subscriber(*topics, group_id=group, listener=places, **DELIVERY_OPTIONS)
        async def on_record(_body: bytes) -> None:
            message: KafkaMessage = self._broker.context.get_local("message")
            await pause.over()
            records = await _arrived_with(message, most)
            if len(records) < most:
                pause.begin()
            message.consumer = places.of(message.consumer, records)
            # All come to their end before the first error is raised: it makes Kafka hand over every one of them again.
            tasks = (self._in_order(row, table) for row in divide(records))
            for error in await asyncio.gather(*tasks, return_exceptions=True):
                if error is not None:
                    raise error

    async def commit(self) -> None:
        """Commit what is done."""
        for places in self._places:
            await places.commit()
        # Of records whose places are another process's by now.
        with suppress(Unavailable):
            await self._settle()

    async def commit_regularly(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(COMMIT_EVERY_S)
            await self.commit()

    async def work_again(self, letter: DeadLetter) -> None:
        """Work on a record that was set aside as if it had come just now: use cases are safe to repeat.

        Raises whatever keeps it from being worked on, as `Invalid` (not-read-here).
        """
        for table in self._tables:
            if letter.topic in {event.topic for event in table}:
                await self._handle(letter, table)
                return await self._settle()
        raise Invalid("not-read-here")

    async def _settle(self) -> None:
        """For all readers at once: the second has nothing to settle when the first was a moment ago."""
        async with self._settling:
            if self._is_settled:
                return
            self._is_settled = True  # Until the next record has come to its end, also while this looks.
            try:
                for check in self._checks:
                    await check()
            except BaseException:
                self._is_settled = False
                raise

    async def _in_order(self, records: Sequence[Record], table: Table) -> None:
        for record in records:
            await self._delivery.work(partial(self._handle, record, table), record)

    async def _handle(self, record: KnownRecord, table: Table) -> None:
        headers = headers_of(record)
        self._verifier.verify(record.topic, record.key, headers, record.value)
        parent = propagate.extract(headers)
        with self._tracer.start_as_current_span(f"{record.topic} process", parent, SpanKind.CONSUMER):
            event = read(record.topic, headers, record.value or b"")
            use_case = table.get(type(event))
            if use_case is not None:
                try:
                    await use_case(event)
                finally:
                    self._is_settled = False


def _by_key(records: Sequence[Record]) -> Iterable[Sequence[Record]]:
    of: dict[bytes | None, list[Record]] = defaultdict(list)
    for record in records:
        of[record.key].append(record)
    return of.values()


def _each(records: Sequence[Record]) -> Iterable[Sequence[Record]]:
    return [[record] for record in records]


async def _arrived_with(message: KafkaMessage, most: int) -> tuple[Record, ...]:
    """The record of *message*, and those that have been fetched besides: for them nobody waits."""
    first = message.raw_message
    more: Mapping[Any, list[Record]] = {}
    # In tests there is a broker in memory, which hands over one record at a time.
    if isinstance(message.consumer, AIOKafkaConsumer):
        # FastStream meets an error again, and logs it and waits.
        with suppress(KafkaError):
            more = await message.consumer.getmany(timeout_ms=0, max_records=most - 1)
    records = (first, *chain.from_iterable(more.values()))
    # If one of them has to be read again, FastStream goes back to the earliest of each partition.
    message.raw_message = records
    return records
