"""What happens to a record when its use case fails: it waits, it is tried again, or it becomes a dead letter.

The rules and the measurements behind them: docs/adr/0002-ack-policy-and-dead-letters.md.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

import structlog
from aiokafka import ConsumerRecord
from faststream import BaseMiddleware
from faststream.kafka import KafkaMessage
from prometheus_client import Counter

from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.runtime.ends import ENDS
from shared.runtime.waiting import Backoff

log = structlog.get_logger(__name__)

RECORDS = Counter("records_total", "Records read from a topic", ["topic", "outcome"])

UNAVAILABLE_BACKOFF: Final = Backoff((0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0, 10.0))
"""About a minute of waits while something that we need is not available. Then the record is read from Kafka again."""
BUG_BACKOFF: Final = Backoff((0.5, 1.0, 4.0, 10.0))
"""Waits between the five tries when a bug of ours raises. Then the record becomes a dead letter."""

Pause = Callable[[float], Awaitable[None]]


class DeadLetters(Protocol):
    """The store of records that can never be processed."""

    async def add(self, letter: dict[str, Any]) -> bool:
        """Insert *letter* once; False when its `_id` was there already. Raises `Unavailable`."""
        ...


class Delivery:
    """The outermost middleware of a consumer: it decides what each kind of failure does to a record."""

    def __init__(self, group: str, dead_letters: DeadLetters, now: Clock, pause: Pause = asyncio.sleep) -> None:
        self.group = group
        self.dead_letters = dead_letters
        self.now = now
        self.pause = pause
        self.last_progress = time.monotonic()
        self.waiting_for: str | None = None

    def __call__(self, msg: Any, /, *, context: Any) -> BaseMiddleware[Any, Any]:  # noqa: ANN401  # FastStream's own types
        """The middleware for one record; FastStream calls this for each."""
        return _Delivery(self, msg, context=context)

    async def work(self, handle: Callable[[], Awaitable[Any]], message: KafkaMessage) -> None:
        """Call *handle* until it succeeds or the record is a dead letter. Raises `Unavailable` after the last wait."""
        record = record_of(message)
        facts = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        # One task consumes all records: without this block, the log fields of one record would stay for the next.
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
        topic = record_of(message).topic
        for wait_s in BUG_BACKOFF.tries():
            try:
                await handle()
            except (Unavailable, *ENDS):
                raise
            except Invalid as error:
                RECORDS.labels(topic, "poison").inc()
                log.warning("record set aside", reason=str(error))
                await self._add_dead_letter(message, "poison", str(error))
                return
            except BaseException as error:
                log.exception("record failed", error=type(error).__name__)
                if wait_s is None:
                    RECORDS.labels(topic, "bug").inc()
                    await self._add_dead_letter(message, "bug", type(error).__name__)
                    return
                await self.pause(wait_s)
            else:
                RECORDS.labels(topic, "done").inc()
                return

    async def _add_dead_letter(self, message: KafkaMessage, kind: str, reason: str) -> None:
        record = record_of(message)
        # With the time, because a topic that was deleted and created again counts its offsets from zero.
        record_id = f"{self.group}:{record.topic}:{record.partition}:{record.offset}:{record.timestamp}"
        await self.dead_letters.add(
            {
                "_id": record_id,
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


def record_of(message: KafkaMessage) -> "ConsumerRecord[Any, Any]":
    """The Kafka record behind *message*."""
    record = message.raw_message
    if isinstance(record, tuple):
        raise TypeError("batches are not used: one bad record would stop the rest")
    return record
