"""Up to where a reader is done with its topics: committed once a second, and not after every record.

A commit for each record was a third of Kafka's work. After a crash the records of a second are read again, which
is as safe as after any crash: their facts are there already. Each commit names the places. Without them aiokafka would
commit all that it has handed over, and what is still being worked on with it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from shared.errors import Unavailable
from shared.runtime.delivery import Record

log = structlog.get_logger(__name__)

COMMIT_EVERY_S: Final = 1.0
_BEFORE_REBALANCE_S: Final = 2.0
"""Other readers wait meanwhile."""


class Places(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """The places of one reader. *settle* ends what its records have left open, before they are committed."""

    def __init__(self, settle: Callable[[], Awaitable[None]]) -> None:
        self._settle = settle
        self._consumer: AIOKafkaConsumer | None = None
        self.done: dict[TopicPartition, int] = {}
        """Partition → the first record that is not done, as far as it is not committed yet."""

    def of(self, consumer: Any, records: Sequence[Record]) -> "_PlacesOf":  # noqa: ANN401  # of Kafka or in memory
        """What a message with these *records* has for its consumer."""
        if isinstance(consumer, AIOKafkaConsumer):
            self._consumer = consumer
        return _PlacesOf(self, consumer, records)

    async def commit(self) -> None:
        """Commit what is done. What cannot be committed now is tried again, as long as it is ours."""
        if self._consumer is None:
            return
        owned = self._consumer.assignment()
        done = {place: offset for place, offset in self.done.items() if place in owned}
        if not done:
            return
        try:
            await self._settle()
            await self._consumer.commit(done)
        except (KafkaError, Unavailable) as error:
            log.warning("places not committed", error=type(error).__name__)
            return
        for place, offset in done.items():
            if self.done.get(place) == offset:
                del self.done[place]

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Called by aiokafka, before others get *revoked*: what we have done they need not do again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_BEFORE_REBALANCE_S):
                await self.commit()
        for place in revoked:
            self.done.pop(place, None)

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Called by aiokafka: it goes on where the group is, whatever we had done before that is not committed."""
        for place in assigned:
            self.done.pop(place, None)


class _PlacesOf:
    """As FastStream acknowledges and refuses: `commit` and `seek`."""

    def __init__(self, places: Places, consumer: Any, records: Sequence[Record]) -> None:  # noqa: ANN401
        self._places = places
        self._consumer = consumer
        self._records = records

    async def commit(self) -> None:
        """These records are done."""
        for record in self._records:
            self._places.done[TopicPartition(record.topic, record.partition)] = record.offset + 1

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Read again from *offset* on, unless another reader has the partition now: it begins there anyway."""
        # The places of the other partitions must go back too, so no error here may end FastStream's loop over them.
        with suppress(IllegalStateError):
            self._consumer.seek(partition, offset)
