"""Publishes to Kafka, for the relay: no other code writes to a topic."""

import asyncio
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from shared.errors import Invalid, Unavailable
from shared.runtime.outbox import OutboxEntry


class KafkaPublisher:
    """A producer with `acks=all`, and with a new connection after any failure.

    It is not what Kafka calls idempotent: after a gap in its sequence such a producer fails for ever. Readers recognise
    a repeated event by `ce_id` and by ids of their own.
    """

    def __init__(self, kafka: str, service: str) -> None:
        self._kafka = kafka
        self._client_id = f"mitsumori-{service}-relay"
        self._producer: Any = None  # aiokafka ships no types
        self._starting = asyncio.Lock()

    async def publish(self, event: OutboxEntry) -> None:
        """Return when all in-sync replicas have it. Raises `Unavailable`, or `Invalid` for an event too large."""
        headers = [(name, value.encode()) for name, value in event.headers.items()]
        producer = None
        try:
            producer = await self._started()
            await producer.send_and_wait(event.topic, event.body, key=event.key.encode(), headers=headers)
        except MessageSizeTooLargeError:
            raise Invalid("too-large") from None
        except (KafkaError, OSError) as error:
            await self._drop(producer)
            raise Unavailable(f"kafka ({type(error).__name__})") from error

    async def close(self) -> None:
        """Close the connection."""
        await self._drop(self._producer)

    async def _started(self) -> Any:  # noqa: ANN401  # aiokafka ships no types
        async with self._starting:
            if self._producer is None:
                producer: Any = AIOKafkaProducer(
                    bootstrap_servers=self._kafka.split(","),
                    client_id=self._client_id,
                    acks="all",
                    enable_idempotence=False,
                    request_timeout_ms=10_000,
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer

    async def _drop(self, producer: Any) -> None:  # noqa: ANN401  # aiokafka ships no types
        if producer is None or producer is not self._producer:
            return  # Another failure has closed it already.
        self._producer = None
        with suppress(Exception):
            await asyncio.wait_for(producer.stop(), 2)
