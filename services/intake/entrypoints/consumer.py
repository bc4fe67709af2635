"""The door for events: intake listens to rating and notify like any other reader."""

from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage

from services.intake.usecases.follow import FollowRequest
from shared.events import LETTERS, QUOTES
from shared.runtime.broker import DELIVERY, event_of


def subscribe(broker: KafkaBroker, follow: FollowRequest) -> None:
    """Let *follow* hear every quote and letter."""

    @broker.subscriber(QUOTES, LETTERS, group_id="intake", **DELIVERY)
    async def on_outcome(message: KafkaMessage) -> None:
        await follow(event_of(message))
