"""A record that was set aside, for who looks at it and has it worked on again. It has the names of Kafka's record.

Most are dead letters, which wait for a person; others wait for a key.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

End = Literal["retried", "discarded"]
"""What became of a dead letter: it was worked on after all, or a person decided that it need not be."""


@dataclass(frozen=True, slots=True)
class Old:
    """How many are older than a moment, and since when the oldest is there."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """`subject`: the request that it is about, as far as the record says. `reason`: a word for machines."""

    id: str
    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    subject: str | None
    kind: str
    reason: str
    first_seen: datetime
    waits_for: str | None = None
    """The id of the key without which it cannot be worked on. None: it waits for a person."""
