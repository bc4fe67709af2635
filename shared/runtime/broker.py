"""How the services read from Kafka: one broker in each process, and the same options for every subscriber.

The rules and the measurements behind them: docs/adr/0002-ack-policy-and-dead-letters.md.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Final, Literal, TypedDict

from aiokafka import ConsumerRecord
from faststream import AckPolicy, BaseMiddleware
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.opentelemetry import KafkaTelemetryMiddleware
from opentelemetry.sdk.trace import TracerProvider

from shared.events import Event, read
from shared.runtime.delivery import Delivery, record_of
from shared.runtime.kafka_address import KafkaAddress
from shared.runtime.signatures import Verifier


class DeliveryOptions(TypedDict):
    """The options of a subscriber, with types that FastStream's decorator understands."""

    ack_policy: AckPolicy
    auto_offset_reset: Literal["earliest"]
    no_reply: bool
    session_timeout_ms: int
    heartbeat_interval_ms: int


DELIVERY_OPTIONS: Final[DeliveryOptions] = {
    # A record that failed is read again; FastStream's default would have committed it already.
    "ack_policy": AckPolicy.NACK_ON_ERROR,
    # The default, "latest", skips what arrived while a new or long-idle group was away.
    "auto_offset_reset": "earliest",
    # Without this, a `reply_to` header of a stranger would make us publish a handler's result to any topic.
    "no_reply": True,
    # How long a process that has died keeps its partitions.
    "session_timeout_ms": 6_000,
    "heartbeat_interval_ms": 2_000,
    # One worker, which is FastStream's default: with more, a deploy could commit past a record in progress.
}

LOGGER: Final = "delivery"


def event_of(message: KafkaMessage) -> Event:
    """The event on a record. Raises `Invalid` for anything else."""
    return read(record_of(message).topic, message.headers, message.body)


async def parse_any_record(
    record: "ConsumerRecord[bytes, bytes]",
    original: Callable[["ConsumerRecord[bytes, bytes]"], Awaitable[KafkaMessage]],
) -> KafkaMessage:
    """A message for every record, whatever its headers are.

    FastStream's own parser raises on a header that is null or not UTF-8. The record is then neither acknowledged nor
    refused; the next record that succeeds commits past it, and it is lost without a log line. Ours parses such a
    record without headers, so that it becomes a dead letter ("not-an-event").
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


class Verification:
    """The middleware that lets no record through to a use case unless its signature is that of the topic's writer."""

    def __init__(self, verifier: Verifier) -> None:
        self.verifier = verifier

    def __call__(self, msg: Any, /, *, context: Any) -> BaseMiddleware[Any, Any]:  # noqa: ANN401  # FastStream's own types
        """The middleware for one record; FastStream calls this for each."""
        return _Verification(self.verifier, msg, context=context)


class _Verification(BaseMiddleware[Any, Any]):
    def __init__(self, verifier: Verifier, msg: Any, /, *, context: Any) -> None:  # noqa: ANN401  # FastStream's own types
        super().__init__(msg, context=context)
        self._verifier = verifier

    async def consume_scope(self, call_next: Callable[[Any], Awaitable[Any]], msg: Any) -> None:  # noqa: ANN401  # FastStream's own types
        record = record_of(msg)
        self._verifier.verify(record.topic, record.key, msg.headers, record.value)
        await call_next(msg)


def new_broker(kafka: str, delivery: Delivery, verifier: Verifier, traces: TracerProvider | None = None) -> KafkaBroker:
    """The broker with which one service consumes. *kafka* as `KafkaAddress` has it; the group is the service's name."""
    address = KafkaAddress.parse(kafka)
    return KafkaBroker(
        address.servers,
        security=address.security,
        client_id=f"mitsumori-{delivery.group}",
        # A consumer never joins a group when this is shorter than a rebalance takes. Publishing has its own client.
        request_timeout_ms=40_000,
        graceful_timeout=10.0,
        allow_auto_create_topics=False,
        consumer_only=True,
        parser=parse_any_record,
        decoder=leave_body_raw,
        middlewares=[
            delivery,
            Verification(verifier),
            *([KafkaTelemetryMiddleware(tracer_provider=traces)] if traces else []),
        ],
        # Not "faststream": that logger writes to stderr in a format of its own.
        logger=logging.getLogger(LOGGER),
    )
