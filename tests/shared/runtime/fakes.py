"""In-memory parts of the delivery, for tests that need no Kafka."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class InMemoryDeadLetters:
    letters: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def add(self, letter: dict[str, Any]) -> bool:
        return self.letters.setdefault(letter["_id"], letter) is letter


class Waits(list[float]):
    """A pause that only remembers how long it should have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
