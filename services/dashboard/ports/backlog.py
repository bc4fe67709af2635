"""What waits: records that could not be worked on, and how far this service is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.runtime.dead_letters import DeadLetter, End


class SetAside(Protocol):
    """The records that this service could not work on."""

    async def count_open(self) -> int:
        """How many wait for a person."""
        ...


class DeadLetters(SetAside, Protocol):
    """The same, for who looks at them. None is ever deleted."""

    async def open_by_reason(self) -> Sequence[tuple[str, str, int]]:
        """Topic, reason and number of those that wait, the most first."""
        ...

    async def oldest(self, limit: int) -> Sequence[DeadLetter]:
        """At most *limit* of those that wait, the oldest first."""
        ...

    async def find(self, letter_id: str) -> DeadLetter | None:
        """None: there is none, or somebody has ended it."""
        ...

    async def end(self, letter_id: str, end: End, *, at: datetime, by: str, reason: str = "") -> bool:
        """Note what became of it. False: somebody was faster."""
        ...


class Delivered(Protocol):
    """How far this service is with the records that it reads, and with those that it publishes."""

    async def lag(self) -> int | None:
        """How many records it has yet to work on; None while it reads none."""
        ...

    async def pending(self) -> tuple[int, datetime | None]:
        """How many of its events wait for Kafka, and since when the oldest does."""
        ...
