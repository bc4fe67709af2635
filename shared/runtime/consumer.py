"""A consumer is a table from the type of an event to the use case that acts on it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.subscriber.usecase import LogicSubscriber

from shared.events import TOPICS, Event
from shared.runtime.broker import DELIVERY_OPTIONS, event_of

Table = Mapping[type[Event], Callable[[Any], Awaitable[None]]]
"""The use case for each type of event. A use case may raise `Invalid` or `Unavailable` (see `broker.py`)."""


def consume(broker: KafkaBroker, group: str, table: Table) -> None:
    """Read the topics of *table* as *group*, and call the use case of each event.

    Events of other types on these topics are for other groups: they are acknowledged and ignored. A second call adds
    a second reader, which works at the same time. Raises `ValueError` when it would share a topic with another
    reader of *group*: Kafka would divide the partitions between them, and each would lose what only the other has in
    its table.
    """
    topics = [topic for topic in TOPICS if topic in {event.topic for event in table}]
    readers = [reader for reader in broker.subscribers if isinstance(reader, LogicSubscriber)]
    taken = {topic for reader in readers if reader.group_id == group for topic in reader.topic_names}
    if shared := taken.intersection(topics):
        raise ValueError(f"more than one reader of {', '.join(sorted(shared))}")

    @broker.subscriber(*topics, group_id=group, **DELIVERY_OPTIONS)
    async def on_event(message: KafkaMessage) -> None:
        event = event_of(message)
        use_case = table.get(type(event))
        if use_case is not None:
            await use_case(event)
