"""What a tariff needs to know of the questions whose answers it reads.

Values are compared with their type: in Python True == 1 and 100000000.0 == 100000000, and a price must not depend
on that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from shared.products.conditions import Condition
from shared.products.form import Form, Kind, Question, Section

Answer = str | int | list[str]
Known = Mapping[str, Answer]
"""Answers that were asked for and that the form knows, by key; ticks once each, in the form's order."""

PRICEABLE: Final = frozenset[Kind]({"thousand_yen", "choice", "amount", "multi"})
NAME_LENGTH: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question as a tariff sees it. `choices` are its values and their labels; a number has none."""

    key: str
    name: str
    kind: Kind
    choices: Mapping[str | int, str]
    unit: str = ""
    exclusive: str | None = None
    when: Condition | None = None

    is_one_word: bool = False
    """Whether an answer is one of the choices, as text."""

    @property
    def parents(self) -> frozenset[str]:
        """The questions that decide whether this one is asked."""
        return frozenset(key for key, _ in self.when.terms()) if self.when else frozenset()

    def is_asked(self, known: Known) -> bool:
        """Whether it is asked, given the answers before it: parents are read before their sub-questions."""
        return self.when is None or self.when.holds(known)

    def read(self, value: object) -> Answer | None:
        """*value* as an answer that this question can have; None for anything else."""
        if self.kind == "multi":
            if not isinstance(value, list) or not all(self._offers(tick) for tick in value):
                return None
            return [str(choice) for choice in self.choices if choice in value]
        return value if isinstance(value, str | int) and self._offers(value) else None

    def contradicts_itself(self, answer: Answer) -> bool:
        """「なし」 was ticked together with something else."""
        return isinstance(answer, list) and self.exclusive in answer and len(answer) > 1

    def words(self, answer: Answer) -> str:
        """The answer as a person reads it."""
        if isinstance(answer, list):
            return "・".join(self.choices[tick] for tick in answer)
        if answer in self.choices:
            return self.choices[answer]
        return f"{answer:,}{self.unit}" if isinstance(answer, int) else answer

    def _offers(self, value: object) -> bool:
        if self.kind == "thousand_yen":
            return type(value) is int
        return isinstance(value, str | int) and type(value) is not bool and value in self.choices


def priceable_questions(form: Form) -> dict[str, Asked]:
    """The questions of *form* that a price could depend on, in its order.

    Conditions of a section are left out: they decide whether a quote is wished, and here one is.
    """
    return {question.key: _asked(question, section) for question, section in _priceable(form)}


def _priceable(form: Form) -> Iterator[tuple[Question, Section | None]]:
    for page in form.pages:
        for section in page.sections:
            yield from ((question, section) for question in section.questions if question.kind in PRICEABLE)
    yield from ((question, None) for question in form.confirm if question.kind in PRICEABLE)


def _asked(question: Question, section: Section | None) -> Asked:
    heading = f"{section.title} " if section and question.number else ""
    name = f"{heading}{question.number}{question.label}"
    return Asked(
        key=question.key,
        name=name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…",
        kind=question.kind,
        choices=dict(zip(question.values, (choice.label for choice in question.choices), strict=True)),
        unit=question.unit,
        exclusive=question.exclusive,
        when=question.when,
        is_one_word=question.kind == "choice",
    )
