"""The Kafka door: what notify listens to. Each handler keeps a fact and writes letters; none ever talks SMTP."""

from faststream.kafka import KafkaBroker, KafkaMessage

from services.notify.write import WriteLetters
from shared.events import (
    DESK,
    QUOTES,
    REQUESTS,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
)
from shared.runtime.broker import DELIVERY, event_of

GROUP = "notify"


def subscribe(broker: KafkaBroker, write: WriteLetters) -> None:
    """Let *write* know of everything that can make a letter due."""

    @broker.subscriber(REQUESTS, group_id=GROUP, **DELIVERY)
    async def on_request_received(message: KafkaMessage) -> None:
        match event_of(message):
            case RequestReceived() as request:
                await write(request)
            case _:
                pass  # Other facts of this topic are for other readers.

    @broker.subscriber(QUOTES, group_id=GROUP, **DELIVERY)
    async def on_quote(message: KafkaMessage) -> None:
        match event_of(message):
            case QuoteOffered() | QuoteReferred() as quote:
                await write(quote)
            case _:
                pass

    @broker.subscriber(DESK, group_id=GROUP, **DELIVERY)
    async def on_quote_released(message: KafkaMessage) -> None:
        match event_of(message):
            case QuoteReleased() as release:
                await write(release)
            case _:
                pass
