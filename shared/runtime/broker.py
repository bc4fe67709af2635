"""How the services read from Kafka: one broker in each process, and the same options for every subscriber.

The rules and the measurements behind them: docs/adr/0002-ack-policy-and-dead-letters.md.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, Literal, TypedDict

from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram512

from shared.runtime.delivery import Record
from shared.runtime.kafka_address import KafkaAddress


class DeliveryOptions(TypedDict):
    """The options of a subscriber, with types that FastStream's decorator understands."""

    ack_policy: AckPolicy
    auto_offset_reset: Literal["earliest"]
    no_reply: bool
    session_timeout_ms: int
    heartbeat_interval_ms: int
    fetch_max_wait_ms: int


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
    # Kafka answers at once when something comes. A question each half second, the default, was half of its idle work.
    "fetch_max_wait_ms": 2_000,
    # One worker, which is FastStream's default: with more, a deploy could commit past a record in progress. What has
    # arrived together is worked on together all the same (consumer.py).
}

LOGGER: Final = "delivery"


async def parse_any_record(record: Record, original: Callable[[Record], Awaitable[KafkaMessage]]) -> KafkaMessage:
    """A message for every record, whatever its headers are: they are read later (`headers_of`).

    FastStream's own parser raises on a header that is null or not UTF-8. The record is then neither acknowledged nor
    refused; the next record that succeeds commits past it, and it is lost without a log line.
    """
    message = await original(replace(record, headers=()))
    message.raw_message = record
    return message


async def leave_body_raw(message: KafkaMessage) -> bytes:
    """The body as it is. FastStream's own decoder would raise on broken JSON, which would look like a bug of ours."""
    return message.body


def new_broker(kafka: str, service: str) -> KafkaBroker:
    """The broker with which *service* consumes. *kafka* is written as `KafkaAddress` has it."""
    address = KafkaAddress.parse(kafka)
    return KafkaBroker(
        address.servers,
        security=_security(address),
        client_id=f"mitsumori-{service}",
        # A consumer never joins a group when this is shorter than a rebalance takes. Publishing has its own client.
        request_timeout_ms=40_000,
        # A topic that was deleted and made again is read again after so long; by default after five minutes.
        metadata_max_age_ms=15_000,
        # For the record in hand. Less than `STOP_S` of a process, or else it leaves no group.
        graceful_timeout=5.0,
        allow_auto_create_topics=False,
        consumer_only=True,
        # What a handler asks for by its types costs a thread for each record. Ours takes its message from the context.
        apply_types=False,
        parser=parse_any_record,
        decoder=leave_body_raw,
        # Not "faststream": that logger writes to stderr in a format of its own.
        logger=logging.getLogger(LOGGER),
    )


async def start_together(broker: KafkaBroker) -> None:
    """Start all subscribers of *broker* at the same time, so that those of one group join it at once.

    FastStream starts them one after the other, and each that joins later makes all others join again: half a second
    with Apache Kafka, five with librdkafka's broker. Raises the first error, when each has started or failed.
    """
    await broker.connect()
    started = await asyncio.gather(*(subscriber.start() for subscriber in broker.subscribers), return_exceptions=True)
    for error in started:
        if error is not None:
            raise error
    broker.running = True


def _security(address: KafkaAddress) -> BaseSecurity | None:
    if address.login is None:
        return BaseSecurity(ssl_context=address.tls) if address.tls else None
    kind = SASLPlaintext if address.login.mechanism == "PLAIN" else SASLScram512
    return kind(address.login.user, address.login.password, ssl_context=address.tls)
