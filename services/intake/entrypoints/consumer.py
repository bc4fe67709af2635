"""The Kafka entrypoint: intake reads what rating and notify publish like any other reader."""

from collections.abc import Awaitable, Callable

from services.intake.usecases.follow import FollowRequest
from shared.events import Event, LetterBounced, LetterFailed, LetterSent, QuoteOffered, QuoteReferred, TariffStarted
from shared.runtime.consumer import Consumer

KeepTariff = Callable[[TariffStarted], Awaitable[None]]


def subscribe(consumer: Consumer, follow: FollowRequest, keep_tariff: KeepTariff) -> None:
    """Let *follow* record every quote and letter, and *keep_tariff* what estimates are made of."""
    consumer.follow(
        {
            **dict[type[Event], FollowRequest].fromkeys(
                (QuoteOffered, QuoteReferred, LetterSent, LetterFailed, LetterBounced), follow
            ),
            TariffStarted: keep_tariff,
        }
    )
