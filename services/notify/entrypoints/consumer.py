"""The Kafka door: what notify listens to. Its handlers keep a fact and write letters; they never talk SMTP."""

from faststream.kafka import KafkaBroker, KafkaMessage

from services.notify.usecases.write import WriteLetters
from shared.events import (
    DESK,
    QUOTES,
    REQUESTS,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
    ResumeLinkAsked,
)
from shared.runtime.broker import DELIVERY, event_of


def subscribe(broker: KafkaBroker, write: WriteLetters) -> None:
    """Let *write* know of everything that can make a letter due.

    Two readers, because a 見積書 takes longer to set than a receipt: receipts must not queue behind it.
    """

    @broker.subscriber(REQUESTS, group_id="notify", **DELIVERY)
    async def on_request(message: KafkaMessage) -> None:
        match event_of(message):
            case RequestReceived() | ResumeLinkAsked() as fact:
                await write(fact)
            case _:
                pass  # The other facts of this topic are for other readers.

    @broker.subscriber(QUOTES, DESK, group_id="notify", **DELIVERY)
    async def on_quote(message: KafkaMessage) -> None:
        match event_of(message):
            case QuoteOffered() | QuoteReferred() | QuoteReleased() as fact:
                await write(fact)
            case _:
                pass  # The other facts of these topics are for other readers.
