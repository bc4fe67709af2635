"""The door from `requests.v1`."""

from faststream.kafka import KafkaBroker, KafkaMessage

from services.rating.rate import RateRequest
from shared.events import REQUESTS, RequestReceived
from shared.runtime.broker import DELIVERY, event_of


def subscribe(broker: KafkaBroker, rate: RateRequest) -> None:
    """Let *rate* answer what arrives."""

    @broker.subscriber(REQUESTS, group_id="rating", **DELIVERY)
    async def on_request_received(message: KafkaMessage) -> None:
        match event_of(message):
            case RequestReceived() as request:
                await rate(request)
            case _:
                pass  # the other facts of this topic are for other readers
