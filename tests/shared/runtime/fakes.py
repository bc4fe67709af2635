"""In-memory parts of the delivery, for tests that need no Kafka; and a panic, as a library in Rust raises it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from faststream.kafka import KafkaBroker

from shared.clock import utc_now
from shared.products.documents import FONTS
from shared.runtime.consumer import Consumer
from shared.runtime.delivery import DeadLetters, Delivery
from shared.runtime.typst import Compiler
from shared.runtime.typst_here import TypstHere
from tests.shared.runtime.builders import VERIFIER


@dataclass
class InMemoryDeadLetters:
    letters: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def add(self, letter: dict[str, Any]) -> bool:
        return self.letters.setdefault(letter["_id"], letter) is letter


class NoDeadLetters:
    """For tests in which no record may be set aside."""

    async def add(self, letter: dict[str, Any]) -> bool:
        raise AssertionError(letter["reason"])


class Waits(list[float]):
    """A pause that only remembers how long it should have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


def a_consumer(broker: KafkaBroker, dead: DeadLetters | None = None, service: str = "reader") -> Consumer:
    """A consumer that reads as those of the services do, but does not wait."""
    return Consumer(broker, Delivery(service, dead or NoDeadLetters(), utc_now, pause=Waits()), VERIFIER)


class PanicException(BaseException):
    """Of the same shape as `pyo3_runtime.PanicException`, which cannot be imported: it is no `Exception`."""


class Raising(TypstHere):
    """Typst, but it raises an error over the template of this name."""

    def __init__(self, error: Callable[[], BaseException], template: str) -> None:
        super().__init__(FONTS)
        self._error = error
        self._template = template

    def pdf(self, root: Path, files: Mapping[str, bytes], made_at: datetime) -> bytes:
        if f'/{self._template}"' in files["main"].decode():
            raise self._error()
        return super().pdf(root, files, made_at)


def compile_that_raises(error: Callable[[], BaseException], template: str) -> Compiler:
    return Raising(error, template)
