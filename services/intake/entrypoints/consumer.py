"""The Kafka entrypoint: intake reads what rating and notify publish like any other reader."""

from services.intake.usecases.follow import FollowRequest
from shared.events import LetterBounced, LetterFailed, LetterSent, QuoteOffered, QuoteReferred
from shared.runtime.consumer import Consumer


def subscribe(consumer: Consumer, follow: FollowRequest) -> None:
    """Let *follow* record every quote and letter."""
    consumer.follow(dict.fromkeys((QuoteOffered, QuoteReferred, LetterSent, LetterFailed, LetterBounced), follow))
