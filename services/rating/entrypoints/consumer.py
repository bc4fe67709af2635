"""Which use case acts on which event."""

from services.rating.usecases.rate import RateRequest
from services.rating.usecases.revise import ReviseQuote
from shared.events import QuoteDecided, RequestReceived
from shared.runtime.consumer import Consumer


def subscribe(consumer: Consumer, rate: RateRequest, revise: ReviseQuote) -> None:
    """Read what rating answers: requests, and what the desk decides about quotes.

    Two readers: a decision that waits must not hold up the prices of everybody else.
    """
    consumer.read({RequestReceived: rate})
    consumer.read({QuoteDecided: revise})
