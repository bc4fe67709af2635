"""Publishes to Kafka, for the relay: no other code writes to a topic."""

import asyncio
from contextlib import suppress
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from shared.errors import Invalid, Unavailable
from shared.events.envelope import SIGNATURE
from shared.runtime.kafka_address import KafkaAddress
from shared.runtime.outbox import KafkaAway, OutboxEntry, RecordPlace
from shared.runtime.signatures import Signer
from shared.runtime.topic_ends import TopicEnds

_LONGEST_S: Final = 30.0
_BATCH_BYTES: Final = 256 * 1024
"""Of one partition. With the usual 16 kB two requests fill one, and in a burst all others wait for their turn.

Kafka itself takes 1 MB at once.
"""


class KafkaPublisher:
    """A producer with `acks=all`, and with a new connection after any failure. With a *signer* it signs every record.

    It is not what Kafka calls idempotent: after a gap in its sequence such a producer fails for ever. Readers recognise
    a repeated event by `ce_id` and by ids of their own.
    """

    def __init__(self, kafka: str, service: str, signer: Signer | None = None, ends: TopicEnds | None = None) -> None:
        self._ends = ends or TopicEnds()
        self._kafka = KafkaAddress.parse(kafka)
        self._signer = signer
        self._client_id = f"mitsumori-{service}-relay"
        self._producer: Any = None  # aiokafka ships no types
        self._starting: asyncio.Future[Any] | None = None

    async def publish(self, event: OutboxEntry) -> RecordPlace:
        """Return its place when all in-sync replicas have it.

        Raises `KafkaAway`, or `Unavailable` for an event that it has not acknowledged, or `Invalid` for one too large.
        """
        key, headers = event.key.encode(), dict(event.headers)
        if self._signer is not None:
            headers[SIGNATURE] = self._signer.sign(event.topic, key, headers, event.body)
        sent = [(name, value.encode()) for name, value in headers.items()]
        before = self._ends.reached(event.topic)
        producer = await self._started()
        try:
            # aiokafka waits for ever for what it knows of a topic, where its client was closed meanwhile.
            async with asyncio.timeout(_LONGEST_S):
                kept = await producer.send_and_wait(event.topic, event.body, key=key, headers=sent)
        except MessageSizeTooLargeError:
            raise Invalid("too-large") from None
        except (KafkaError, OSError) as error:
            await self._drop(producer)
            raise Unavailable(f"kafka ({type(error).__name__})") from error
        place = RecordPlace(kept.partition, kept.offset)
        self._ends.acknowledged(event.topic, place, before)
        return place

    async def close(self) -> None:
        """Close the connection."""
        if self._starting is not None:
            self._starting.cancel()
        await self._drop(self._producer)

    async def _started(self) -> Any:  # noqa: ANN401  # aiokafka ships no types
        """Raises `KafkaAway`.

        One try is for all who wait: where nothing answers, a hundred events would wait for ten seconds each in turn.
        """
        if self._producer is not None:
            return self._producer
        if self._starting is None:
            self._starting = asyncio.ensure_future(self._start())
        try:
            # Whoever waits may be cancelled, and the others still wait.
            return await asyncio.shield(self._starting)
        except (KafkaError, OSError) as error:
            raise KafkaAway(f"kafka ({type(error).__name__})") from error

    async def _start(self) -> Any:  # noqa: ANN401  # aiokafka ships no types
        producer: Any = AIOKafkaProducer(
            **self._kafka.client_options,
            client_id=self._client_id,
            acks="all",
            enable_idempotence=False,
            request_timeout_ms=10_000,
            max_batch_size=_BATCH_BYTES,
        )
        try:
            await producer.start()
        except BaseException:
            await producer.stop()
            raise
        finally:
            self._starting = None
        self._producer = producer
        return producer

    async def _drop(self, producer: Any) -> None:  # noqa: ANN401  # aiokafka ships no types
        if producer is None or producer is not self._producer:
            return  # Another failure has closed it already.
        self._producer = None
        with suppress(Exception):
            await asyncio.wait_for(producer.stop(), 2)
