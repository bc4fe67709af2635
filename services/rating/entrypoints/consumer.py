"""Which use case acts on which event."""

from shared.events import QuoteDecided, RequestErased, RequestReceived
from shared.runtime.consumer import Consumer
from shared.runtime.erasure import UseCase


def subscribe(
    consumer: Consumer,
    rate: UseCase[RequestReceived],
    revise: UseCase[QuoteDecided],
    erase: UseCase[RequestErased],
) -> None:
    """Read what rating answers, requests and what the desk decides about quotes, and which requests are erased.

    Two readers: a decision that waits must not hold up the prices of everybody else.
    """
    consumer.read({RequestReceived: rate, RequestErased: erase})
    consumer.read({QuoteDecided: revise})
