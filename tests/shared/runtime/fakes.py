"""In-memory parts of the delivery, for tests that need no Kafka; and a panic, as a library in Rust raises it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typst

from shared.runtime.typst import Compile


@dataclass
class InMemoryDeadLetters:
    letters: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def add(self, letter: dict[str, Any]) -> bool:
        return self.letters.setdefault(letter["_id"], letter) is letter


class Waits(list[float]):
    """A pause that only remembers how long it should have been."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


class PanicException(BaseException):
    """Of the same shape as `pyo3_runtime.PanicException`, which cannot be imported: it is no `Exception`."""


def compile_that_raises(error: Callable[[], BaseException], template: str) -> Compile:
    """`typst.compile`, but it raises an *error* over the template of this name."""

    def compile_pdf(path: Path, **options: Any) -> bytes:  # noqa: ANN401  # typst's own
        if path.name == template:
            raise error()
        made: bytes = typst.compile(path, **options)
        return made

    return compile_pdf
