"""How easily each control is put in place, and what it costs: the part `hints` of product.yaml. It decides nothing.

It stands beside the tariff and not in it: no premium depends on it, so it may change without a new tariff.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.products.errors import ProductError
from shared.products.form import Form
from shared.products.lines import Place
from shared.products.source import Key, Text, read_yaml

Effort = Literal["low", "middle", "high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """The better answer to `question`, or `choice` among its answers. `costs`: 円 a year, at least."""

    question: str
    choice: str = ""
    effort: Effort = "middle"
    costs: int = 0


Hints = tuple[Hint, ...]


class HintSchema(BaseModel):
    """Several questions whose controls are alike."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    questions: Annotated[list[Key], Field(min_length=1)]
    choice: Text | None = None
    effort: Effort
    costs: Annotated[int, Field(ge=1, le=10**9)] | None = None
    why: Text | None = None

    @model_validator(mode="after")
    def _says_why_it_costs(self) -> Self:
        if (self.costs is None) != (self.why is None):
            raise ValueError("costs and why (where the figure is from) stand together")
        return self

    def hints(self) -> Iterator[Hint]:
        """As rating sees them."""
        for question in self.questions:
            yield Hint(question=question, choice=self.choice or "", effort=self.effort, costs=self.costs or 0)


def check_hints(path: Path, hints: Sequence[HintSchema], form: Form) -> None:
    """Raises `ProductError` with every one of the *hints* in *path* that is about nothing, or given twice."""
    if findings := list(_findings(hints, form)):
        source = read_yaml(path)
        raise ProductError(source.problem(place, message) for place, message in findings)


def _findings(hints: Sequence[HintSchema], form: Form) -> Iterator[tuple[Place, str]]:
    questions = {question.key: question for question in form.questions}
    given: set[tuple[str, str]] = set()
    for number, schema in enumerate(hints):
        for position, hint in enumerate(schema.hints()):
            place: Place = ("hints", number, "questions", position)
            question = questions.get(hint.question)
            if question is None:
                yield place, f"there is no question {hint.question}"
            elif hint.choice and hint.choice not in question.values:
                yield ("hints", number, "choice"), f"{hint.question} has no choice {hint.choice}"
            elif (hint.question, hint.choice) in given:
                yield place, f"{hint.question} has a hint already"
            given.add((hint.question, hint.choice))
