"""How far each partition has come that this service writes, as far as this process knows.

Kafka never takes back an offset: a partition that ends before a place that it had reached has lost its last records
(docs/adr/0029-reconciler.md). Retention removes the oldest records and changes no end.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.runtime.outbox import RecordPlace

MARGIN: Final = 200
"""So many places before a partition's end are in doubt too: other processes may have filled them since the loss."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Places whose records may be gone: from *first* on, and before *end*, which the partition had reached.

    A record that has come there since is in doubt as well: a reader that was past its place will not see it.
    """

    topic: str
    partition: int
    first: int
    end: int


class TopicEnds:
    """It begins with what the ledger knows, and is told of every record and of every look at the topics."""

    def __init__(self) -> None:
        self._reached: dict[str, dict[int, int]] = {}
        self._found: dict[str, Mapping[int, int]] = {}
        self._lost: dict[tuple[str, int], Lost] = {}
        self.has_lost = asyncio.Event()
        """Set while there is a `Lost`."""

    @property
    def lost(self) -> tuple[Lost, ...]:
        """What was found and is not settled."""
        return tuple(self._lost.values())

    def reached(self, topic: str) -> dict[int, int]:
        """Partition → the place that its next record had at least."""
        return dict(self._reached.get(topic, {}))

    def remember(self, topic: str, reached: Mapping[int, int]) -> None:
        """As far as each partition was before this process began."""
        for partition, end in reached.items():
            self._reach(topic, partition, end)

    def acknowledged(self, topic: str, place: RecordPlace, before: Mapping[int, int]) -> None:
        """Kafka has put a record at *place*; *before* is what was `reached` before it was sent."""
        # What is known to be another topic by now has not lost the places of the old one.
        reached = min(before.get(place.partition, 0), self.reached(topic).get(place.partition, 0))
        if place.offset < reached:
            self._lose(topic, place.partition, place.offset, reached)
        self._reach(topic, place.partition, place.offset + 1)

    def found(self, topic: str, ends: Mapping[int, int], before: Mapping[int, int]) -> None:
        """Kafka says that the partitions end so; *before* is what was `reached` before it was asked.

        A partition that it does not name is gone.
        """
        for partition, reached in before.items():
            if ends.get(partition, 0) < reached:
                self._lose(topic, partition, ends.get(partition, 0), reached)
        self._found[topic] = ends
        self.remember(topic, ends)

    def settle(self, lost: Lost) -> None:
        """Nothing is in doubt any more: from now on the partition has reached what was found."""
        end = self._found.get(lost.topic, {}).get(lost.partition, 0)
        self._reached.setdefault(lost.topic, {})[lost.partition] = end
        self._lost.pop((lost.topic, lost.partition), None)
        self._clear()

    def begin_again(self, topic: str) -> None:
        """It is another topic with the same name, and nothing is known of it."""
        self._reached.pop(topic, None)
        self._lost = {place: lost for place, lost in self._lost.items() if lost.topic != topic}
        self._clear()

    def _clear(self) -> None:
        if not self._lost:
            self.has_lost.clear()

    def _reach(self, topic: str, partition: int, end: int) -> None:
        reached = self._reached.setdefault(topic, {})
        reached[partition] = max(end, reached.get(partition, 0))

    def _lose(self, topic: str, partition: int, end: int, reached: int) -> None:
        first, known = max(0, end - MARGIN), self._lost.get((topic, partition))
        if known:
            first, reached = min(first, known.first), max(reached, known.end)
        self._lost[topic, partition] = Lost(topic, partition, first, reached)
        self.has_lost.set()
