"""Golden cases: premiums worked out by hand beside the tariff, and whether the engine comes to the same.

They lie in `golden/` beside the tariffs, in a file with the tariff's own name. The file is read strictly: a case that
is spelt wrong would hold nothing, and nobody would notice.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from pricing.engine.price import price
from pricing.engine.result import Offered, Result
from pricing.tariff import Tariff
from pricing.tariff.questions import priceable_questions
from shared.products.errors import Problem, ProductError
from shared.products.form import Form
from shared.products.source import Source, read_yaml, validate

Value = str | int | list[str] | None
"""An answer as it may come in, right or wrong; None for one that is missing."""

NOTHING: Final = "-"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ChangeSheet(_Strict):
    """Something that must be exchanged in the cover, and by which rule."""

    key: str
    requested: str | int
    offered: str | int
    rule: str


class CellSheet(_Strict):
    """The premium that a grid must show where these two values of the cover cross; none where it shows a note."""

    at: Annotated[dict[str, int], Field(min_length=2, max_length=2)]
    premium: int | None


class CaseSheet(_Strict):
    """Answers that differ from the base, and what must become of them: a premium in 円, or reasons for a person."""

    name: Annotated[str, Field(min_length=1)]
    answers: dict[str, Value] = {}
    premium: int | None = None
    workings: Annotated[list[Annotated[list[str], Field(min_length=3, max_length=3)]], Field(min_length=1)] | None = (
        None
    )
    changes: list[ChangeSheet] = []
    beside: Annotated[dict[str, int], Field(min_length=1)] | None = None
    cells: list[CellSheet] = []
    referred: Annotated[list[str], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> "CaseSheet":
        if (self.premium is None) == (self.referred is None):
            raise ValueError("a case has either a premium or is referred")
        if self.referred and (self.workings or self.changes or self.beside or self.cells):
            raise ValueError("a case that is referred has nothing but reasons")
        return self


class GoldenSheet(_Strict):
    """The whole file."""

    tariff: str
    base: dict[str, Value]
    cases: Annotated[list[CaseSheet], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Golden:
    """The cases of one tariff."""

    base: Mapping[str, Value]
    cases: tuple[CaseSheet, ...]

    def answers(self, case: CaseSheet) -> dict[str, Value]:
        """All answers of *case*."""
        return {**self.base, **case.answers}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One line of a case that came out differently; `-` where there is none."""

    what: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case. It failed where there is any mismatch."""

    case: str
    mismatches: tuple[Mismatch, ...]

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        lines = [{"what": one.what, "expected": one.expected, "actual": one.actual} for one in self.mismatches]
        return {"case": self.case, "mismatches": lines}


def read_golden(path: Path, form: Form) -> Golden:
    """The cases in *path*. Raises `ProductError` with everything that is wrong, line by line."""
    source = read_yaml(path)
    sheet = validate(source, GoldenSheet)
    problems = list(_problems(source, sheet, priceable_questions(form)))
    if problems:
        raise ProductError(problems)
    return Golden(sheet.base, tuple(sheet.cases))


def _problems(source: Source, sheet: GoldenSheet, questions: Collection[str]) -> Iterator[Problem]:
    if sheet.tariff != source.path.stem:
        yield source.problem(("tariff",), f"the file is called {source.path.stem}")
    for key in sheet.base:
        if key not in questions:
            yield source.problem(("base", key), "the form has no such question with choices or a number")
    names = [case.name for case in sheet.cases]
    for number, case in enumerate(sheet.cases):
        if case.name in names[:number]:
            yield source.problem(("cases", number, "name"), "an earlier case has this name too")
        for key in case.answers:
            if key not in questions:
                place = ("cases", number, "answers", key)
                yield source.problem(place, "the form has no such question with choices or a number")


def check(golden: Golden, tariff: Tariff) -> list[Outcome]:
    """Every case, in the file's order."""
    return [Outcome(case.name, tuple(_mismatches(case, golden, tariff))) for case in golden.cases]


def _mismatches(case: CaseSheet, golden: Golden, tariff: Tariff) -> Iterator[Mismatch]:
    result = price(golden.answers(case), tariff)
    expected, actual = dict(_expected(case)), dict(_actual(case, result))
    for what in [*expected, *(one for one in actual if one not in expected)]:
        due, found = expected.get(what, NOTHING), actual.get(what, NOTHING)
        if due != found:
            yield Mismatch(what, due, found)


def _expected(case: CaseSheet) -> Iterator[tuple[str, str]]:
    """Each thing that the case says, as a line."""
    if case.premium is not None:
        yield "premium", _yen(case.premium)
    yield from _numbered("referred", case.referred or ())
    yield from _numbered("change", [_change(one.key, one.requested, one.offered, one.rule) for one in case.changes])
    yield from _numbered("working", [_line(*line) for line in case.workings or ()])
    yield from ((f"beside {kind}", _yen(premium)) for kind, premium in (case.beside or {}).items())
    yield from ((f"cell {_at(cell)}", _yen(cell.premium)) for cell in case.cells)


def _actual(case: CaseSheet, result: Result) -> Iterator[tuple[str, str]]:
    """The same things, as the engine has them: only of what the case speaks, but every reason and every change."""
    if not isinstance(result, Offered):
        yield from _numbered("referred", [reason.code for reason in result.reasons])
        return
    yield "premium", _yen(result.premium_yen)
    yield from _numbered("change", [_change(one.key, one.requested, one.offered, one.rule) for one in result.changes])
    if case.workings:
        told = [working.as_text() for working in result.workings]
        yield from _numbered("working", [_line(one["label"], one["factor"], one["amount"]) for one in told])
    if case.beside:
        yield from ((f"beside {option.kind}", _yen(option.premium)) for option in result.options[1:])
    yield from ((f"cell {_at(cell)}", _shown(cell, result)) for cell in case.cells)


def _numbered(what: str, lines: Collection[str]) -> Iterator[tuple[str, str]]:
    return ((f"{what} {number}", line) for number, line in enumerate(lines, start=1))


def _change(key: str, requested: str | int, offered: str | int, rule: str) -> str:
    return f"{key} {requested} → {offered} ({rule})"


def _line(label: str, factor: str, amount: str) -> str:
    return f"{label} × {factor} = {amount}" if factor else f"{label} = {amount}"


def _yen(premium: int | None) -> str:
    return "no premium" if premium is None else f"{premium:,}円"


def _at(cell: CellSheet) -> str:
    return ", ".join(f"{key} {value}" for key, value in cell.at.items())


def _shown(cell: CellSheet, result: Offered) -> str:
    for grid in result.grids:
        if cell.at.keys() == {grid.rows, grid.columns}:
            row, column = cell.at[grid.rows], cell.at[grid.columns]
            if row in grid.row_values and column in grid.column_values:
                line = grid.cells[grid.row_values.index(row)]
                return _yen(line[grid.column_values.index(column)].premium)
    return NOTHING
