"""When something applies, as data: `{quote: yes}`, `{d3_15: [yes, sometimes]}`, and `all:`, `any:`, `not:` of these.

Small on purpose: whoever writes the form can read a condition, and it is checked completely before it is used.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

Answers = Mapping[str, Any]
"""Answers by key: text, a whole number, or for a multiple choice a list of the values that were ticked."""

WORDS: Final = frozenset({"all", "any", "not"})
"""Names that no question may have."""


@dataclass(frozen=True, slots=True)
class Condition:
    """True or false of some answers. A key that has no answer is never equal to anything.

    `data` is the condition as plain data, with every value in a list: `{"d3_15": ["yes", "sometimes"]}`.
    """

    data: Mapping[str, Any] = field(hash=False)

    def holds(self, answers: Answers) -> bool:
        """Whether every entry is met. A ticked list meets an entry when it contains one of the values."""
        return _holds(self.data, answers)

    def terms(self) -> Iterator[tuple[str, str | int]]:
        """Every question that it names, with every value."""
        yield from _terms(self.data)


def _holds(data: Mapping[str, Any], answers: Answers) -> bool:
    # A loop, not all(…): this is asked for every sub-question of every price.
    for key, wanted in data.items():  # noqa: SIM110  see above
        if not _met(key, wanted, answers):
            return False
    return True


def _met(key: str, wanted: Any, answers: Answers) -> bool:  # noqa: ANN401  as nested as the file has it
    match key:
        case "all":
            return all(_holds(part, answers) for part in wanted)
        case "any":
            return any(_holds(part, answers) for part in wanted)
        case "not":
            return not _holds(wanted, answers)
    answer = answers.get(key)
    return any(value in wanted for value in answer) if isinstance(answer, list) else answer in wanted


def _terms(data: Mapping[str, Any]) -> Iterator[tuple[str, str | int]]:
    for key, wanted in data.items():
        if key == "not":
            yield from _terms(wanted)
        elif key in WORDS:
            for part in wanted:
                yield from _terms(part)
        else:
            yield from ((key, value) for value in wanted)
