"""Which use case acts on which event."""

from faststream.kafka import KafkaBroker

from services.rating.usecases.rate import RateRequest
from services.rating.usecases.revise import ReviseQuote
from shared.events import QuoteDecided, RequestReceived
from shared.runtime.consumer import consume


def subscribe(broker: KafkaBroker, rate: RateRequest, revise: ReviseQuote) -> None:
    """Read what rating answers: requests, and what the desk decides about quotes.

    Two readers: a decision that waits must not hold up the prices of everybody else.
    """
    consume(broker, "rating", {RequestReceived: rate})
    consume(broker, "rating", {QuoteDecided: revise})
