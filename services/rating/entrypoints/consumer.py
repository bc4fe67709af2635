"""The doors from `requests.v1` and `desk.v1`."""

from faststream.kafka import KafkaBroker, KafkaMessage

from services.rating.usecases.rate import RateRequest
from services.rating.usecases.revise import ReviseQuote
from shared.events import DESK, REQUESTS, QuoteDecided, RequestReceived
from shared.runtime.broker import DELIVERY, event_of


def subscribe(broker: KafkaBroker, rate: RateRequest, revise: ReviseQuote) -> None:
    """Let *rate* and *revise* answer what arrives; the other facts of these topics are for other readers."""

    @broker.subscriber(REQUESTS, group_id="rating", **DELIVERY)
    async def on_request_received(message: KafkaMessage) -> None:
        match event_of(message):
            case RequestReceived() as request:
                await rate(request)
            case _:
                pass

    @broker.subscriber(DESK, group_id="rating", **DELIVERY)
    async def on_quote_decided(message: KafkaMessage) -> None:
        match event_of(message):
            case QuoteDecided() as decision:
                await revise(decision)
            case _:
                pass
