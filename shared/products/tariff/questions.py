"""What a tariff needs to know of the questions whose answers it reads.

Values are compared with their type: in Python True == 1 and 100000000.0 == 100000000, and a price must not hang
on that.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Answer = str | int | frozenset[str]
Known = Mapping[str, Answer]
"""Answers that were asked for and that the form knows, by key."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, and when it is asked: `parent` has one of the answers in `opens`."""

    key: str
    name: str
    kind: str
    choices: Mapping[str | int, str]
    unit: str = ""
    exclusive: str | None = None
    parent: str | None = None
    opens: frozenset[str | int] = frozenset()

    def is_asked(self, known: Known) -> bool:
        """Decided from what is already known, so parents are read before their sub-questions."""
        return self.parent is None or known.get(self.parent) in self.opens

    def read(self, value: object) -> Answer | None:
        """*value* as an answer that this question can have; None for anything else."""
        match value:
            case list() if self.kind == "multi":
                return frozenset(value) if all(self._offers(one) for one in value) else None
            case str() | int() if self.kind != "multi" and self._offers(value):
                return value
        return None

    def contradicts_itself(self, answer: Answer) -> bool:
        """「なし」 was ticked together with something else."""
        return isinstance(answer, frozenset) and self.exclusive in answer and len(answer) > 1

    def words(self, answer: Answer) -> str:
        """The answer as a person reads it."""
        if isinstance(answer, frozenset):
            return "・".join(label for choice, label in self.choices.items() if choice in answer)
        return self.choices.get(answer) or f"{answer:,}{self.unit}" if isinstance(answer, int) else self.choices[answer]

    def _offers(self, value: object) -> bool:
        if self.kind == "thousand_yen":
            return type(value) is int
        return isinstance(value, str | int) and type(value) is not bool and value in self.choices
