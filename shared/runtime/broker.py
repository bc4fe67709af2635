"""Consuming, in one place: what is acknowledged when, and where a record goes that nobody can work on.

The rules and the measurements behind them: docs/adr/0002-ack-policy-and-dead-letters.md.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final, Literal, Protocol, TypedDict

import structlog
from aiokafka import ConsumerRecord
from faststream import AckPolicy, BaseMiddleware
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.opentelemetry import KafkaTelemetryMiddleware
from opentelemetry.sdk.trace import TracerProvider
from prometheus_client import Counter

from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.events import Event, read
from shared.runtime.waiting import Backoff

log = structlog.get_logger(__name__)

RECORDS = Counter("records_total", "Records read from a topic", ["topic", "outcome"])


class DeliveryOptions(TypedDict):
    """The options of a subscriber, with types that FastStream's decorator understands."""

    ack_policy: AckPolicy
    auto_offset_reset: Literal["earliest"]
    no_reply: bool
    session_timeout_ms: int
    heartbeat_interval_ms: int


DELIVERY: Final[DeliveryOptions] = {
    # A record that failed is read again; FastStream's default would have committed it already.
    "ack_policy": AckPolicy.NACK_ON_ERROR,
    # The default, "latest", skips whatever arrived while a new or long-idle group was away.
    "auto_offset_reset": "earliest",
    # Without this a `reply_to` header makes us publish a handler's result wherever a stranger likes.
    "no_reply": True,
    # How long a dead process keeps its partitions.
    "session_timeout_ms": 6_000,
    "heartbeat_interval_ms": 2_000,
}
"""One worker a process (FastStream's default): more would lose the place of a record in flight at every deploy."""

LOGGER: Final = "delivery"

UNAVAILABLE_BACKOFF: Final = Backoff((0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0, 10.0))
"""In place, about a minute, while something that we need is away; then the record is read afresh."""
BUG_BACKOFF: Final = Backoff((0.5, 1.0, 4.0, 10.0))
"""Between the five tries that a bug gets before its record is set aside."""

Pause = Callable[[float], Awaitable[None]]


class DeadLetters(Protocol):
    """Where records go that can never be worked on."""

    async def add(self, letter: dict[str, Any]) -> bool:
        """Set *letter* aside, once. Raises `Unavailable`."""
        ...


def event_of(message: KafkaMessage) -> Event:
    """The event on a record. Raises `Invalid` for anything else."""
    return read(_record(message).topic, message.headers, message.body)


async def parse_any_record(
    record: "ConsumerRecord[bytes, bytes]",
    original: Callable[["ConsumerRecord[bytes, bytes]"], Awaitable[KafkaMessage]],
) -> KafkaMessage:
    """A message for every record, whatever its headers are.

    FastStream's own parser raises on a header that is null or not UTF-8; the record is then neither acknowledged
    nor refused, and the next success commits past it: lost, silently. Ours parses such a record without headers,
    which makes it "not-an-event" and a dead letter.
    """
    try:
        return await original(record)
    except (UnicodeDecodeError, AttributeError):
        message = await original(replace(record, headers=()))
        message.raw_message = record
        return message


async def leave_body_raw(message: KafkaMessage) -> bytes:
    """The body as it is. FastStream's own decoder would raise on broken JSON, which would look like a bug of ours."""
    return message.body


class Delivery:
    """The outermost middleware: sorts what a handler raises into wait, set aside, or try again."""

    def __init__(self, group: str, dead_letters: DeadLetters, now: Clock, pause: Pause = asyncio.sleep) -> None:
        self.group = group
        self.dead_letters = dead_letters
        self.now = now
        self.pause = pause
        self.last_progress = time.monotonic()
        self.waiting_for: str | None = None

    def __call__(self, msg: Any, /, *, context: Any) -> BaseMiddleware[Any, Any]:  # noqa: ANN401  # FastStream's own types
        """FastStream makes one middleware a record."""
        return _Delivery(self, msg, context=context)

    async def work(self, handle: Callable[[], Awaitable[Any]], message: KafkaMessage) -> None:
        """Run *handle* until the record is done with. Raises `Unavailable` when the wait was too long."""
        record = _record(message)
        facts = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        # The consume loop is one task: what is bound for one record would still be bound for the next.
        with structlog.contextvars.bound_contextvars(**facts):
            for wait_s in UNAVAILABLE_BACKOFF.tries():
                try:
                    await self._try(handle, message)
                except Unavailable as error:
                    self.waiting_for = str(error)
                    RECORDS.labels(record.topic, "waited").inc()
                    log.warning("record waits", reason=str(error), wait_s=wait_s)
                    if wait_s is None:
                        raise
                    await self.pause(wait_s)
                else:
                    self.waiting_for = None
                    self.last_progress = time.monotonic()
                    return

    async def _try(self, handle: Callable[[], Awaitable[Any]], message: KafkaMessage) -> None:
        topic = _record(message).topic
        for wait_s in BUG_BACKOFF.tries():
            try:
                await handle()
            except Unavailable:
                raise
            except Invalid as error:
                RECORDS.labels(topic, "poison").inc()
                log.warning("record set aside", reason=str(error))
                await self._set_aside(message, "poison", str(error))
                return
            except Exception as error:
                log.exception("record failed", error=type(error).__name__)
                if wait_s is None:
                    RECORDS.labels(topic, "bug").inc()
                    await self._set_aside(message, "bug", type(error).__name__)
                    return
                await self.pause(wait_s)
            else:
                RECORDS.labels(topic, "done").inc()
                return

    async def _set_aside(self, message: KafkaMessage, kind: str, reason: str) -> None:
        record = _record(message)
        # The time is part of the id: a topic that was wiped counts its offsets from nought again.
        place = f"{self.group}:{record.topic}:{record.partition}:{record.offset}:{record.timestamp}"
        await self.dead_letters.add(
            {
                "_id": place,
                "group": self.group,
                "topic": record.topic,
                "partition": record.partition,
                "offset": record.offset,
                "key": record.key,
                "subject": message.headers.get("ce_subject"),
                "headers": [[name, value] for name, value in record.headers],
                "body": record.value,
                "class": kind,
                "reason": reason,
                "first_seen": self.now(),
            }
        )


class _Delivery(BaseMiddleware[Any, Any]):
    def __init__(self, delivery: Delivery, msg: Any, /, *, context: Any) -> None:  # noqa: ANN401  # FastStream's own types
        super().__init__(msg, context=context)
        self._delivery = delivery

    async def consume_scope(self, call_next: Callable[[Any], Awaitable[Any]], msg: Any) -> None:  # noqa: ANN401  # FastStream's own types
        await self._delivery.work(lambda: call_next(msg), msg)


def new_broker(kafka: str, delivery: Delivery, traces: TracerProvider | None = None) -> KafkaBroker:
    """The consuming side of one service; its group is the service's name."""
    return KafkaBroker(
        kafka.split(","),
        client_id=f"mitsumori-{delivery.group}",
        # Below the time that a group needs to gather, a consumer never joins; publishing has its own client.
        request_timeout_ms=40_000,
        graceful_timeout=10.0,
        allow_auto_create_topics=False,
        consumer_only=True,
        parser=parse_any_record,
        decoder=leave_body_raw,
        middlewares=[delivery, *([KafkaTelemetryMiddleware(tracer_provider=traces)] if traces else [])],
        # Not "faststream": that logger writes to stderr in a format of its own.
        logger=logging.getLogger(LOGGER),
    )


def _record(message: KafkaMessage) -> "ConsumerRecord[Any, Any]":
    record = message.raw_message
    if isinstance(record, tuple):
        raise TypeError("batches are not used: one bad record would hold up the rest")
    return record
