"""Whether the engine comes to what a golden case expects. Both sides are written as text by name, then compared."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pricing.actuary.golden.cases import GoldenCases
from pricing.actuary.golden.schema import CaseSchema, CellSchema
from pricing.engine.price import price
from pricing.engine.result import Offered, Referred, Result
from pricing.tariff import Tariff
from shared.yen import yen

NOTHING: Final = "-"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One value of a case that came out differently; `-` where there is none."""

    what: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """The result of checking one case. It failed where there is any mismatch."""

    case: str
    mismatches: tuple[Mismatch, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        mismatches = [
            {"what": mismatch.what, "expected": mismatch.expected, "actual": mismatch.actual}
            for mismatch in self.mismatches
        ]
        return {"case": self.case, "mismatches": mismatches}


def check_cases(golden: GoldenCases, tariff: Tariff) -> list[CaseOutcome]:
    """The outcome of every case, in the file's order."""
    return [CaseOutcome(case.name, tuple(_mismatches(case, golden, tariff))) for case in golden.cases]


def _mismatches(case: CaseSchema, golden: GoldenCases, tariff: Tariff) -> Iterator[Mismatch]:
    result = price(golden.answers(case), tariff)
    expected, actual = dict(_expected(case)), dict(_actual(case, result))
    for what in dict.fromkeys([*expected, *actual]):
        mismatch = Mismatch(what, expected.get(what, NOTHING), actual.get(what, NOTHING))
        if mismatch.expected != mismatch.actual:
            yield mismatch


def _expected(case: CaseSchema) -> Iterator[tuple[str, str]]:
    """Each value that the case names, by its name."""
    if case.premium is not None:
        yield "premium", yen(case.premium)
    yield from _numbered("referred", case.referred or ())
    yield from _numbered(
        "change", [_change(change.key, change.requested, change.offered, change.rule) for change in case.changes]
    )
    yield from _numbered("working", [_working(*working) for working in case.workings or ()])
    yield from ((f"beside {kind}", yen(premium)) for kind, premium in (case.beside or {}).items())
    yield from ((f"cell {_position(cell)}", _cell(cell.premium)) for cell in case.cells)


def _actual(case: CaseSchema, result: Result) -> Iterator[tuple[str, str]]:
    """The same values from the engine: only those that the case names, but every reason and every change."""
    match result:
        case Referred(reasons=reasons):
            yield from _numbered("referred", [reason.code for reason in reasons])
        case Offered():
            yield from _offered(case, result)


def _offered(case: CaseSchema, result: Offered) -> Iterator[tuple[str, str]]:
    yield "premium", yen(result.premium_yen)
    yield from _numbered(
        "change", [_change(change.key, change.requested, change.offered, change.rule) for change in result.changes]
    )
    if case.workings:
        workings = [working.as_text() for working in result.workings]
        yield from _numbered("working", [_working(text["label"], text["factor"], text["amount"]) for text in workings])
    if case.beside:
        yield from ((f"beside {option.kind}", yen(option.premium)) for option in result.options[1:])
    yield from ((f"cell {_position(cell)}", _cell_in_grids(cell, result)) for cell in case.cells)


def _numbered(what: str, texts: Collection[str]) -> Iterator[tuple[str, str]]:
    return ((f"{what} {number}", text) for number, text in enumerate(texts, start=1))


def _change(key: str, requested: str | int, offered: str | int, rule: str) -> str:
    return f"{key} {requested} → {offered} ({rule})"


def _working(label: str, factor: str, amount: str) -> str:
    return f"{label} × {factor} = {amount}" if factor else f"{label} = {amount}"


def _position(cell: CellSchema) -> str:
    return ", ".join(f"{key} {value}" for key, value in cell.at.items())


def _cell(premium: int | None) -> str:
    return "no premium" if premium is None else yen(premium)


def _cell_in_grids(cell: CellSchema, result: Offered) -> str:
    for grid in result.grids:
        if cell.at.keys() == {grid.rows, grid.columns}:
            row, column = cell.at[grid.rows], cell.at[grid.columns]
            if row in grid.row_values and column in grid.column_values:
                premiums = grid.cells[grid.row_values.index(row)]
                return _cell(premiums[grid.column_values.index(column)].premium)
    return NOTHING
