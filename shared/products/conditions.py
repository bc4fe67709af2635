"""When something applies, as data: `{quote: yes}`, `{d3_15: [yes, sometimes]}`, and `all:`, `any:`, `not:` of these.

Small on purpose: whoever writes the form can read a condition, and it is checked completely before it is used.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Answers = Mapping[str, Any]
"""Answers by key: text, a whole number, or for a multiple choice a list of the values that were ticked."""

Test = Callable[[Answers], bool]

WORDS: Final = frozenset({"all", "any", "not"})
"""Names that no question may have."""


@dataclass(frozen=True, slots=True)
class Condition:
    """True or false of some answers. A key that has no answer is never equal to anything.

    `data` is the condition as plain data, with every value in a list: `{"d3_15": ["yes", "sometimes"]}`.
    """

    data: Mapping[str, Any] = field(hash=False)
    holds: Test = field(init=False, repr=False, compare=False)
    """Whether every entry is met by some answers. A ticked list meets an entry when it contains one of the values."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "holds", _all_of(self.data))

    def terms(self) -> Iterator[tuple[str, str | int]]:
        """Every question that it names, with every value."""
        yield from _terms(self.data)


def _all_of(data: Mapping[str, Any]) -> Test:
    """The entries of a condition as one function: it is asked for every sub-question of every form and price."""
    tests = [_entry(key, wanted) for key, wanted in data.items()]
    return tests[0] if len(tests) == 1 else lambda answers: all(test(answers) for test in tests)


def _entry(key: str, wanted: Any) -> Test:  # noqa: ANN401  as nested as the file has it
    match key:
        case "all":
            parts = [_all_of(part) for part in wanted]
            return lambda answers: all(part(answers) for part in parts)
        case "any":
            parts = [_all_of(part) for part in wanted]
            return lambda answers: any(part(answers) for part in parts)
        case "not":
            negated = _all_of(wanted)
            return lambda answers: not negated(answers)
    return _among(key, wanted)


def _among(key: str, wanted: Sequence[str | int]) -> Test:
    def test(answers: Answers) -> bool:
        answer = answers.get(key)
        return any(value in wanted for value in answer) if isinstance(answer, list) else answer in wanted

    return test


def _terms(data: Mapping[str, Any]) -> Iterator[tuple[str, str | int]]:
    for key, wanted in data.items():
        if key == "not":
            yield from _terms(wanted)
        elif key in WORDS:
            for part in wanted:
                yield from _terms(part)
        else:
            yield from ((key, value) for value in wanted)
