"""The Kafka door: every topic, because a case is told by all of them."""

from faststream.kafka import KafkaBroker, KafkaMessage

from services.dashboard.domain.facts import fact_in
from services.dashboard.usecases.keep import KeepFact
from shared.events import DESK, LETTERS, QUOTES, REQUESTS
from shared.runtime.broker import DELIVERY, event_of


def subscribe(broker: KafkaBroker, keep: KeepFact) -> None:
    """Keep what the topics say. One reader for all four: a dashboard needs no more connections than that."""

    @broker.subscriber(REQUESTS, QUOTES, LETTERS, DESK, group_id="dashboard", **DELIVERY)
    async def on_fact(message: KafkaMessage) -> None:
        fact = fact_in(event_of(message))
        if fact is not None:
            await keep(fact)
