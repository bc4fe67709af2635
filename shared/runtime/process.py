"""One service as one process: MongoDB, the Kafka broker and the relay are open as long as its ASGI app runs."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

import structlog
from faststream.kafka import KafkaBroker
from starlette.applications import Starlette

from shared.clock import utc_now
from shared.errors import Unavailable
from shared.runtime.adapters.mongo import Database, all_kept, connect, mongo_errors
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.adapters.mongo_erased import MongoErased
from shared.runtime.adapters.mongo_migrations import MongoMigrations, Step
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from shared.runtime.adapters.mongo_sent_events import MongoSentEvents
from shared.runtime.broker import new_broker, start_together
from shared.runtime.consumer import Consumer
from shared.runtime.dead_letter_limit import DeadLetterLimit
from shared.runtime.delivery import Delivery
from shared.runtime.erasure import Erasure, Forget
from shared.runtime.health import EXIT_CODE, Health, watch
from shared.runtime.kafka_topics import KafkaTopics
from shared.runtime.known import word_for
from shared.runtime.logs import set_up_logs
from shared.runtime.outbox import Announce
from shared.runtime.publisher import KafkaPublisher
from shared.runtime.reconciler import Reconciler
from shared.runtime.relay import Relay
from shared.runtime.servers import run_servers
from shared.runtime.settings import RuntimeSettings
from shared.runtime.signatures import Signer, Verifier
from shared.runtime.telemetry import set_up_traces
from shared.runtime.topic_ends import TopicEnds
from shared.runtime.work_again import WorkAgain

log = structlog.get_logger(__name__)

RETRY_S = 1.0
STOP_S = 8.0
"""aiokafka leaves no group that is dealing out partitions: of two processes that stop then, each waits for the other.
For one that has ended Kafka waits no longer than `session_timeout_ms`."""
COLLECT_AFTER = (20_000, 20, 50)
"""New objects before a young collection, and how many of those before an older one. Python's are 700, 10 and 10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The parts that a composition root needs to build its service."""

    database: Database
    consumer: Consumer
    health: Health
    announce: Announce
    _tasks: tuple[Callable[[], Awaitable[None]], ...]
    _close: Callable[[], Awaitable[None]]

    async def erasure(self, forget: Forget) -> Erasure:
        """How this service obeys erasures, which *forget* does; no record is done before it has looked once more."""
        erased = MongoErased(self.database)
        await erased.prepare()
        erase = Erasure(erased, forget)
        self.consumer.check_before_commit(erase.settle)
        return erase

    @asynccontextmanager
    async def running(self, *tasks_of_service: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Consume and relay during the block. Subscribe before: a broker that runs takes no new subscribers.

        The process ends when one of *tasks_of_service* raises an error, as it does for its own tasks.
        """
        _collect_less()
        tasks = [asyncio.ensure_future(task()) for task in (*self._tasks, *tasks_of_service)]
        for task in tasks:
            task.add_done_callback(_end_process_on_error)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            closing = asyncio.ensure_future(self._close())
            # Not `wait_for`: it would wait for the end of what it has cancelled.
            await asyncio.wait([closing], timeout=STOP_S)
            if closing.done():
                closing.result()


def _collect_less() -> None:
    """Leave what a service has loaded out of every later garbage collection: that was a seventh of notify's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _end_process_on_error(task: asyncio.Future[None]) -> None:
    """End the process when *task* has failed: without its relay or its consumer it would look alive and do nothing."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.critical("process ends itself", reason=type(error).__name__, exc_info=error)
        os._exit(EXIT_CODE)


@asynccontextmanager
async def open_runtime(
    settings: RuntimeSettings,
    service: str,
    *,
    verifier: Verifier,
    signer: Signer | None = None,
    outboxes: Sequence[str] = (),
    writes: Sequence[str] = (),
    needs_kafka: bool = True,
    steps: Sequence[Step] = (),
    forms: Iterable[str] = (),
) -> AsyncIterator[Runtime]:
    """The database `mitsumori_<service>`, a Kafka broker, and a relay for the collections named in *outboxes*.

    What is read must pass *verifier*; what is published is signed by *signer*. *writes*: the topics that this service
    alone writes; what Kafka loses of them is published again. *steps* bring its stored data forward.
    *forms*: those of its products, without which it may not understand a record.
    Raises `Invalid` for a database that a newer version has changed for good.
    """
    async with connect(settings.mongo, f"mitsumori_{service}") as database:
        dead_letters = MongoDeadLetters(database, word_for(forms))
        delivery = Delivery(service, dead_letters, utc_now, limit=DeadLetterLimit(settings.dead_letter_limit))
        set_up_traces(service)
        broker = new_broker(settings.kafka, service)
        outbox = MongoOutbox(database, outboxes)
        sent_events, ends = MongoSentEvents(database, outboxes), TopicEnds()
        publisher = KafkaPublisher(settings.kafka, service, signer, ends)
        topics = KafkaTopics(settings.kafka, service)
        reconciler = Reconciler(writes, ends, sent_events, topics, utc_now)
        relay = Relay(outbox, publisher.publish, utc_now)

        async def ping() -> None:
            with mongo_errors():
                await database.command("ping")

        health = Health(ping, broker, delivery.limit, needs_kafka=needs_kafka)
        await until_available(ping, "mongo")
        # Before anything is written: a database that is too new stays as it is.
        await until_available(MongoMigrations(database, steps, version("mitsumori")).bring_forward, "migrations")
        await outbox.prepare()
        await sent_events.prepare()
        # Before anything is published: only then is what is acknowledged at a lower place a loss.
        for topic, reached in (await sent_events.reached()).items():
            ends.remember(topic, reached)
        await dead_letters.prepare()

        async def consume() -> None:
            await until_available(partial(_start, broker), "kafka")
            await watch(broker, delivery, dead_letters.count_open)

        consumer = Consumer(broker, delivery, verifier)
        consumer.check_before_commit(partial(all_kept, database))
        work_again = WorkAgain(dead_letters, consumer.work_again, utc_now, health.count_waiting)

        async def close() -> None:
            await consumer.commit()
            await broker.stop()
            await publisher.close()
            await topics.close()

        yield Runtime(
            database=database,
            consumer=consumer,
            health=health,
            announce=relay.announce,
            _tasks=(
                consume,
                consumer.commit_regularly,
                work_again.run,
                health.measure,
                *((relay.run, relay.measure) if outboxes else ()),
                *((reconciler.run,) if writes else ()),
            ),
            _close=close,
        )


async def until_available(attempt: Callable[[], Awaitable[None]], step: str) -> None:
    """Repeat *attempt* until it does not raise `Unavailable`; *step* names what is waited for in the log."""
    while True:
        try:
            return await attempt()
        except Unavailable as error:
            log.warning("waiting", step=step, error=type(error.__cause__).__name__)
            await asyncio.sleep(RETRY_S)


async def _start(broker: KafkaBroker) -> None:
    """Start consuming. Raises `Unavailable` for every failure: whatever is wrong with Kafka, the form must work."""
    try:
        await start_together(broker)
    except Exception as error:
        with suppress(Exception):
            await broker.stop()
        raise Unavailable("kafka") from error


def serve(app: Starlette, settings: RuntimeSettings) -> None:
    """Answer HTTP until SIGTERM or Ctrl-C, then end the process without waiting for anything that still runs.

    That is safe: a service must survive a crash at any moment.
    """
    set_up_logs(app.state.service, settings.log)
    for number in (signal.SIGTERM, signal.SIGINT):
        # At its end uvicorn sends the signal again, and the default handler would end us before the last line here.
        signal.signal(number, lambda *_: None)
    has_started = run_servers(app, settings)
    sys.stdout.flush()
    os._exit(0 if has_started else 1)
