"""The golden cases of one tariff, read from their file and checked against the questions of the form."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pricing.actuary.golden.schema import AnswerValue, CaseSchema, GoldenSchema
from pricing.tariff.questions import priceable_questions
from shared.products.errors import Problem, ProductError
from shared.products.form import Form
from shared.products.source import Source, read_yaml, validate


@dataclass(frozen=True, slots=True)
class GoldenCases:
    """The cases of one tariff. Each changes some answers of `base`."""

    base: Mapping[str, AnswerValue]
    cases: tuple[CaseSchema, ...]

    def answers(self, case: CaseSchema) -> dict[str, AnswerValue]:
        """All answers of *case*."""
        return {**self.base, **case.answers}


def read_golden_cases(path: Path, form: Form) -> GoldenCases:
    """The cases in *path*. Raises `ProductError` with everything that is wrong, line by line."""
    source = read_yaml(path)
    schema = validate(source, GoldenSchema)
    problems = list(_problems(source, schema, priceable_questions(form)))
    if problems:
        raise ProductError(problems)
    return GoldenCases(schema.base, tuple(schema.cases))


def _problems(source: Source, schema: GoldenSchema, questions: Collection[str]) -> Iterator[Problem]:
    if schema.tariff != source.path.stem:
        yield source.problem(("tariff",), f"the file is called {source.path.stem}")
    for key in schema.base:
        if key not in questions:
            yield source.problem(("base", key), "the form has no such question with choices or a number")
    names = [case.name for case in schema.cases]
    for number, case in enumerate(schema.cases):
        if case.name in names[:number]:
            yield source.problem(("cases", number, "name"), "an earlier case has this name too")
        for key in case.answers:
            if key not in questions:
                place = ("cases", number, "answers", key)
                yield source.problem(place, "the form has no such question with choices or a number")
