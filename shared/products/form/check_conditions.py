"""What can be wrong with the conditions of a form: they may depend only on questions before them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.products.conditions import Condition
from shared.products.form.schema import FormSchema, QuestionSchema
from shared.products.lines import Place

CONFIRM = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A question with its place in the file, how many come before it, and its possible answers."""

    schema: QuestionSchema
    place: Place
    order: int
    ours: bool
    values: tuple[str | int, ...]


Finding = tuple[Place, str]
ByKey = Mapping[str, Placed]


def condition_findings(form: FormSchema, by_key: ByKey) -> Iterator[Finding]:
    """Every condition that could never be decided, or never be true."""
    order = 0
    for i, page in enumerate(form.pages):
        yield from _condition(page.when, ("pages", i, "when"), by_key, before=order)
        for j, section in enumerate(page.sections):
            place: Place = ("pages", i, "sections", j)
            yield from _condition(section.when, (*place, "when"), by_key, before=order)
            for k, question in enumerate(section.questions):
                yield from _of_question(question, (*place, "questions", k), by_key, order)
                order += 1
    for k, question in enumerate(form.confirm):
        yield from _of_question(question, (CONFIRM, k), by_key, order)
        order += 1
    for number, rule in enumerate(form.rules):
        yield from _condition(rule.when, ("rules", number, "when"), by_key, before=order)
        if rule.key not in by_key:
            yield ("rules", number, "key"), f"there is no question {rule.key}"


def _of_question(schema: QuestionSchema, place: Place, by_key: ByKey, before: int) -> Iterator[Finding]:
    yield from _condition(schema.when, (*place, "when"), by_key, before)
    if not isinstance(schema.required, bool):
        yield from _condition(schema.required, (*place, "required"), by_key, before)


def _condition(data: Mapping[str, Any] | None, place: Place, by_key: ByKey, before: int) -> Iterator[Finding]:
    for key, value in Condition(data or {}).terms():
        question = by_key.get(key)
        if question is None:
            yield place, f"there is no question {key}"
        elif question.order >= before:
            yield place, f"{key} is asked later"
        elif not question.values:
            yield place, f"{key} has no choices to compare with"
        elif value not in question.values:
            yield place, f"{key} has no choice {value}"
