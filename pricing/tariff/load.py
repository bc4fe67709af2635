"""From an actuary's file to lookups, by way of every check: nothing that is refused here can price anybody."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from pricing.tariff.check import findings
from pricing.tariff.questions import Asked, asked_of
from pricing.tariff.sheet import AdjustmentSheet, OfferSheet, PartSheet, RuleSheet, Sheet, TableSheet
from pricing.tariff.tables import (
    Banded,
    Certificates,
    Crossed,
    Curve,
    Exact,
    Interpolated,
    Item,
    Score,
    Table,
    millionths,
)
from pricing.tariff.tariff import Adjustment, Beside, GridPlan, Part, Rule, Step, Tariff, Unavailable
from shared.products.errors import ProductError
from shared.products.form import Form
from shared.products.source import Source, read_yaml


def load_tariff(path: Path, form: Form) -> Tariff:
    """The tariff in *path*, checked against the form. Raises `ProductError` with all that is wrong at once."""
    return tariff_of(read_yaml(path), form)


def tariff_of(source: Source, form: Form) -> Tariff:
    """The tariff that *source* says, by the same checks; its path is only named."""
    sheet = sheet_of(source)
    questions = asked_of(form)
    problems = [source.problem(place, text) for place, text in findings(sheet, questions)]
    if sheet.tariff != source.path.stem:
        problems.append(source.problem(("tariff",), f"the file is called {source.path.stem}"))
    if problems:
        raise ProductError(problems)
    return _compile(sheet, source, questions)


def sheet_of(source: Source) -> Sheet:
    """What *source* says, by the grammar alone. Raises `ProductError`."""
    try:
        return Sheet.model_validate(source.data)
    except ValidationError as error:
        found = error.errors(include_input=False, include_context=False, include_url=False)
        raise ProductError(source.problem(one["loc"], one["msg"]) for one in found) from None


def _compile(sheet: Sheet, source: Source, questions: Mapping[str, Asked]) -> Tariff:
    tables = {name: _table(name, table) for name, table in sheet.tables.items()}
    adjustments = {name: _adjustment(name, one, sheet, questions) for name, one in sheet.adjustments.items()}
    beside = _beside(sheet.offer)
    varied = {*beside.lighter, *beside.fuller, *(key for grid in beside.grids for key in (grid.rows, grid.columns))}
    parts = tuple(_part(part, tables, adjustments, questions, varied) for part in sheet.parts)
    ruled = {key for rule in (*sheet.rules.values(), *sheet.unavailable.values()) for key in rule.when}
    ruled |= {key for rule in sheet.unavailable.values() for key in rule.instead}
    authority = tables[sheet.authority]
    decisive = ruled | {key for part in sheet.parts for key in part.when} | {*authority.reads} | varied
    always = _with_parents(decisive, questions)
    read = always.union(*(part.reads for part in parts))
    return Tariff(
        id=sheet.tariff,
        effective=date.fromisoformat(sheet.tariff),
        sha256=source.sha256,
        text=source.text,
        valid_days=sheet.valid_days,
        questions={key: question for key, question in questions.items() if key in read},
        always_reads=always,
        parts=parts,
        rules=tuple(Rule(code, _listed(rule), rule.says) for code, rule in sheet.rules.items()),
        unavailable=tuple(
            Unavailable(code, _listed(rule), rule.says, dict(rule.instead)) for code, rule in sheet.unavailable.items()
        ),
        beside=beside,
        says=dict(sheet.says),
        minimum_premium_yen=sheet.minimum_premium_yen,
        round_to_yen=sheet.round_to_yen,
        authority=authority,
    )


def _listed(rule: RuleSheet) -> dict[str, frozenset[str | int]]:
    return {key: frozenset(listed) for key, listed in rule.when.items()}


def _beside(sheet: OfferSheet) -> Beside:
    grids = (
        GridPlan(grid.rows, tuple(grid.row_values), grid.columns, tuple(grid.column_values)) for grid in sheet.grids
    )
    return Beside(dict(sheet.lighter), dict(sheet.fuller), tuple(grids))


def _table(name: str, sheet: TableSheet) -> Table:
    if sheet.across is not None:
        crossed = {(down, across): figure for (down, across), figure in sheet.rows}
        return Crossed(name, (sheet.reads, sheet.across), crossed, sheet.outside)
    if sheet.banded is not None:
        return Banded(name, (sheet.reads,), tuple(sheet.banded), tuple(sheet.banded.values()), sheet.outside)
    if sheet.interpolated is not None:
        return Interpolated(name, (sheet.reads,), _curve(sheet.interpolated), sheet.outside)
    return Exact(name, (sheet.reads,), dict(sheet.exact or {}), sheet.outside)


def _curve(rows: Mapping[int, Decimal]) -> Curve:
    return Curve(tuple(rows), tuple(millionths(value) for value in rows.values()))


def _adjustment(name: str, sheet: AdjustmentSheet, whole: Sheet, questions: Mapping[str, Asked]) -> Adjustment:
    scales = {
        scale: {choice: millionths(worth) for choice, worth in worths.items()}
        for scale, worths in whole.credits.items()
    }
    score = Score(
        items=tuple(
            Item(
                weight.weight,
                tuple((one, scales[scale]) for one, scale in {key: weight.credit, **weight.either}.items()),
                questions[key].kind == "multi",
                weight.advice,
            )
            for key, weight in sheet.score.weights.items()
        ),
        discount=_curve({millionths(score): discount for score, discount in sheet.score.discount.items()}),
    )
    held = sheet.certificates
    certificates = Certificates(held.reads, dict(held.discount), dict(held.advice), held.cap) if held else None
    return Adjustment(name, sheet.label, score, certificates, sheet.cap)


def _part(
    sheet: PartSheet,
    tables: Mapping[str, Table],
    adjustments: Mapping[str, Adjustment],
    questions: Mapping[str, Asked],
    varied: set[str],
) -> Part:
    def step(label: str, name: str, cap: Decimal | None = None, floor: Decimal | None = None) -> Step:
        table = tables[name]
        return Step(label, table, not varied.isdisjoint(table.reads), cap, floor)

    factors = (
        step(one.label, one.table, one.cap, one.floor) if one.table else adjustments[one.adjustment or ""]
        for one in sheet.steps
    )
    steps = (step(sheet.base.label, sheet.base.table), *factors)
    read = frozenset[str]().union(*(one.reads for one in steps))
    return Part(sheet.label, dict(sheet.when), steps, _with_parents(read, questions))


def _with_parents(keys: Iterable[str], questions: Mapping[str, Asked]) -> frozenset[str]:
    """*keys* and the questions that decide whether those are asked."""
    found, new = frozenset[str](), frozenset(keys)
    while new:
        found |= new
        new = frozenset[str]().union(*(questions[key].parents for key in new)) - found
    return found
