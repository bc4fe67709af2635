"""What is wrong with a product's folder, with file, line and entry, for whoever wrote the file."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shared.errors import MitsumoriError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to correct. `key` names the entry ("pages.contact.company"); line 0 means the file as a whole."""

    file: Path
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class ProductError(MitsumoriError):
    """Products that must not be used. `problems` has everything that is wrong, not only the first of it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
