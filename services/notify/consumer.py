"""The Kafka door: what notify listens to. Its handler keeps a fact and writes letters; it never talks SMTP."""

from faststream.kafka import KafkaBroker, KafkaMessage

from services.notify.write import WriteLetters
from shared.events import DESK, QUOTES, REQUESTS, QuoteOffered, QuoteReferred, QuoteReleased, RequestReceived
from shared.runtime.broker import DELIVERY, event_of


def subscribe(broker: KafkaBroker, write: WriteLetters) -> None:
    """Let *write* know of everything that can make a letter due."""

    # One consumer for all three: members of a group that listen to different topics make it gather more often.
    @broker.subscriber(REQUESTS, QUOTES, DESK, group_id="notify", **DELIVERY)
    async def on_fact(message: KafkaMessage) -> None:
        match event_of(message):
            case RequestReceived() | QuoteOffered() | QuoteReferred() | QuoteReleased() as fact:
                await write(fact)
            case _:
                pass  # The other facts of these topics are for other readers.
