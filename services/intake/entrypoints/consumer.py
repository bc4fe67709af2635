"""The Kafka entrypoint: intake reads what rating and notify publish like any other reader."""

from faststream.kafka import KafkaBroker

from services.intake.usecases.follow import FollowRequest
from shared.events import LetterFailed, LetterSent, QuoteOffered, QuoteReferred
from shared.runtime.consumer import consume


def subscribe(broker: KafkaBroker, follow: FollowRequest) -> None:
    """Let *follow* record every quote and letter."""
    consume(broker, "intake", {QuoteOffered: follow, QuoteReferred: follow, LetterSent: follow, LetterFailed: follow})
