"""What happens to a record when its use case fails: it waits, it is tried again, or it is set aside.

What is set aside is a dead letter, which waits for a person; or it waits for a key, and is worked on when that is there
(work_again.py).

The rules and the measurements behind them: docs/adr/0002-ack-policy-and-dead-letters.md.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final, Protocol, TypeAlias

import structlog
from aiokafka import ConsumerRecord
from prometheus_client import Counter

from shared.clock import Clock
from shared.errors import Invalid, Unavailable
from shared.runtime.dead_letter_limit import DeadLetterLimit
from shared.runtime.dead_letters import DeadLetter
from shared.runtime.ends import ENDS
from shared.runtime.parcels import UnknownKey
from shared.runtime.waiting import Backoff

log = structlog.get_logger(__name__)

Record: TypeAlias = "ConsumerRecord[Any, Any]"
KnownRecord: TypeAlias = "ConsumerRecord[Any, Any] | DeadLetter"
"""From Kafka now, or from what was set aside."""

RECORDS = Counter("records_total", "Records read from a topic", ["topic", "outcome"])

UNAVAILABLE_BACKOFF: Final = Backoff((0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0, 10.0))
"""About a minute of waits while something that we need is not available. Then the record is read from Kafka again."""
_MOST_BUGS: Final = 10_000
BUG_BACKOFF: Final = Backoff((0.5, 1.0, 4.0, 10.0))
"""Waits between the five tries when a bug of ours raises. Then the record becomes a dead letter."""

WAIT_FOR_KEY: Final = timedelta(hours=72)
"""As long as notify tries to deliver a mail. Then the record is a dead letter: perhaps there never was such a key."""
LONGEST_KEY_ID: Final = 100
"""Kept of the id of a key. Whoever wrote the record has chosen it."""

Pause = Callable[[float], Awaitable[None]]


class DeadLetters(Protocol):
    """The store of records that were set aside."""

    async def add(self, letter: dict[str, Any]) -> bool:
        """Insert *letter* once; False when its `_id` was there already. Raises `Unavailable`."""
        ...


class Delivery:
    """What each kind of failure does to a record of *group*. Without a *limit*, bugs never stop it."""

    def __init__(
        self,
        group: str,
        dead_letters: DeadLetters,
        now: Clock,
        pause: Pause = asyncio.sleep,
        limit: DeadLetterLimit | None = None,
    ) -> None:
        self.group = group
        self.dead_letters = dead_letters
        self.now = now
        self.pause = pause
        self.limit = limit or DeadLetterLimit(0)
        self.last_progress = time.monotonic()
        self._waiting = 0
        self._bugs: set[str] = set()
        """The records that this process has set aside as a bug, and may read again with others that wait."""

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
        topic, event_type = record.topic, headers_of(record).get("ce_type", "")
        for wait_s in BUG_BACKOFF.tries():
            try:
                await handle()
            except (Unavailable, *ENDS):
                raise
            except UnknownKey as error:
                # Not in place: a record with a key that somebody made up would stop everything behind it. Its line in
                # the log, one for all that wait, is written by who works on them again.
                RECORDS.labels(topic, "no-key").inc()
                until = self.now() + WAIT_FOR_KEY
                await self._set_aside(record, "poison", str(error), waits_for=error.key[:LONGEST_KEY_ID], until=until)
                return
            except Invalid as error:
                RECORDS.labels(topic, "poison").inc()
                log.warning("record set aside", reason=str(error))
                await self._set_aside(record, "poison", str(error))
                return
            except BaseException as error:  # noqa: BLE001  # whatever it is, it is a bug of ours
                if await self._is_set_aside(record, event_type, error, is_last=wait_s is None) or wait_s is None:
                    return
                await self.pause(wait_s)
            else:
                RECORDS.labels(topic, "done").inc()
                self.limit.count_done(event_type)
                return

    async def _is_set_aside(self, record: Record, event_type: str, error: BaseException, *, is_last: bool) -> bool:
        """Whether this record, which failed by a bug, is a dead letter. Raises `Unavailable` while its type waits."""
        if _id_of(record, self.group) in self._bugs:
            return True
        if self.limit.holds(event_type):
            # It stays in Kafka, and is tried again while it waits: the cause may go away without a restart.
            raise Unavailable("dead-letter-limit") from error
        log.error("record failed", error=type(error).__name__, exc_info=error)
        if is_last:
            RECORDS.labels(record.topic, "bug").inc()
            self.limit.count_bug(event_type)
            if not await self._set_aside(record, "bug", type(error).__name__):
                # It has counted before this process began.
                self.limit.take_back(event_type)
            self._remember_bug(record)
        return is_last

    def _remember_bug(self, record: Record) -> None:
        if len(self._bugs) >= _MOST_BUGS:
            self._bugs.clear()
        self._bugs.add(_id_of(record, self.group))

    async def _set_aside(self, record: Record, kind: str, reason: str, **waits: object) -> bool:
        """Whether it is new."""
        letter = dead_letter_of(record, self.group, kind, reason, self.now())
        return await self.dead_letters.add({**letter, **waits})


def dead_letter_of(record: Record, group: str, kind: str, reason: str, at: datetime) -> dict[str, Any]:
    """How *record* is kept, unchanged, that *group* cannot work on. The same record always has the same `_id`."""
    return {
        "_id": _id_of(record, group),
        "group": group,
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "key": record.key,
        "subject": headers_of(record).get("ce_subject"),
        "headers": [[name, value] for name, value in record.headers],
        "body": record.value,
        "class": kind,
        "reason": reason,
        "first_seen": at,
    }


def _id_of(record: Record, group: str) -> str:
    # With the time, because a topic that was deleted and created again counts its offsets from zero.
    return f"{group}:{record.topic}:{record.partition}:{record.offset}:{record.timestamp}"


def headers_of(record: KnownRecord) -> dict[str, str]:
    """The headers as texts. None of them when one is null or not UTF-8: whatever the record is, it is no event."""
    try:
        return {name: value.decode() for name, value in record.headers}
    except (UnicodeDecodeError, AttributeError):
        return {}
