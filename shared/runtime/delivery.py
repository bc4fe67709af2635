"""What happens to a record when its use case fails: it waits, it is tried again, or it becomes a dead letter.

The rules and the measurements behind them: docs/adr/0002-ack-policy-and-dead-letters.md.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol, TypeAlias

import structlog
from aiokafka import ConsumerRecord
from prometheus_client import Counter

from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.runtime.dead_letters import DeadLetter
from shared.runtime.ends import ENDS
from shared.runtime.waiting import Backoff

log = structlog.get_logger(__name__)

Record: TypeAlias = "ConsumerRecord[Any, Any]"
KnownRecord: TypeAlias = "ConsumerRecord[Any, Any] | DeadLetter"
"""From Kafka now, or from what was set aside."""

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
    """What each kind of failure does to a record of *group*."""

    def __init__(self, group: str, dead_letters: DeadLetters, now: Clock, pause: Pause = asyncio.sleep) -> None:
        self.group = group
        self.dead_letters = dead_letters
        self.now = now
        self.pause = pause
        self.last_progress = time.monotonic()
        self._waiting = 0

    @property
    def is_waiting(self) -> bool:
        """Whether a record waits for something that we need."""
        return self._waiting > 0

    async def work(self, handle: Callable[[], Awaitable[None]], record: Record) -> None:
        """Call *handle* until it succeeds or the record is a dead letter. Raises `Unavailable` after the last wait."""
        facts = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        # Without this block, the log fields of one record would stay for the next.
        with structlog.contextvars.bound_contextvars(**facts):
            for wait_s in UNAVAILABLE_BACKOFF.tries():
                try:
                    await self._try(handle, record)
                except Unavailable as error:
                    RECORDS.labels(record.topic, "waited").inc()
                    log.warning("record waits", reason=str(error), wait_s=wait_s)
                    if wait_s is None:
                        raise
                    await self._wait(wait_s)
                else:
                    self.last_progress = time.monotonic()
                    return

    async def _wait(self, wait_s: float) -> None:
        self._waiting += 1
        try:
            await self.pause(wait_s)
        finally:
            self._waiting -= 1

    async def _try(self, handle: Callable[[], Awaitable[None]], record: Record) -> None:
        topic = record.topic
        for wait_s in BUG_BACKOFF.tries():
            try:
                await handle()
            except (Unavailable, *ENDS):
                raise
            except Invalid as error:
                RECORDS.labels(topic, "poison").inc()
                log.warning("record set aside", reason=str(error))
                await self._add_dead_letter(record, "poison", str(error))
                return
            except BaseException as error:
                log.exception("record failed", error=type(error).__name__)
                if wait_s is None:
                    RECORDS.labels(topic, "bug").inc()
                    await self._add_dead_letter(record, "bug", type(error).__name__)
                    return
                await self.pause(wait_s)
            else:
                RECORDS.labels(topic, "done").inc()
                return

    async def _add_dead_letter(self, record: Record, kind: str, reason: str) -> None:
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
                "subject": headers_of(record).get("ce_subject"),
                "headers": [[name, value] for name, value in record.headers],
                "body": record.value,
                "class": kind,
                "reason": reason,
                "first_seen": self.now(),
            }
        )


def headers_of(record: KnownRecord) -> dict[str, str]:
    """The headers as texts. None of them when one is null or not UTF-8: whatever the record is, it is no event."""
    try:
        return {name: value.decode() for name, value in record.headers}
    except (UnicodeDecodeError, AttributeError):
        return {}
