"""A consumer is a table from the type of an event to the use case that acts on it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from faststream.kafka import KafkaBroker, KafkaMessage

from shared.events import TOPICS, Event
from shared.runtime.broker import DELIVERY, event_of

Table = Mapping[type[Event], Callable[[Any], Awaitable[None]]]
"""The use case for each type of event. A use case may raise `Invalid` or `Unavailable` (see `broker.py`)."""


def consume(broker: KafkaBroker, group: str, table: Table) -> None:
    """Let one reader of *group* hand the events of the table's topics to the use cases.

    Other facts on these topics are for other groups. A second call makes a second reader, beside the first.
    """
    topics = [topic for topic in TOPICS if topic in {event.topic for event in table}]

    @broker.subscriber(*topics, group_id=group, **DELIVERY)
    async def on_event(message: KafkaMessage) -> None:
        event = event_of(message)
        use_case = table.get(type(event))
        if use_case is not None:
            await use_case(event)
