"""From an actuary's file to lookups, by way of every check: nothing that is refused here can price anybody."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from shared.products.errors import ProductError
from shared.products.form import Form
from shared.products.source import Source, read_yaml
from shared.products.tariff.check import findings
from shared.products.tariff.questions import Asked, asked_of
from shared.products.tariff.sheet import AdjustmentSheet, PartSheet, Sheet, TableSheet
from shared.products.tariff.tables import Certificates, Curve, Exact, Interpolated, Score, Table, millionths
from shared.products.tariff.tariff import Adjustment, Part, Rule, Step, Tariff


def load_tariff(path: Path, form: Form) -> Tariff:
    """The tariff in *path*, checked against the form. Raises `ProductError` with all that is wrong at once."""
    source = read_yaml(path)
    sheet = _sheet(source)
    questions = asked_of(form)
    problems = [source.problem(place, text) for place, text in findings(sheet, questions)]
    if sheet.tariff != path.stem:
        problems.append(source.problem(("tariff",), f"the file is called {path.stem}"))
    if problems:
        raise ProductError(problems)
    return _compile(sheet, source.sha256, questions)


def _sheet(source: Source) -> Sheet:
    try:
        return Sheet.model_validate(source.data)
    except ValidationError as error:
        found = error.errors(include_input=False, include_context=False, include_url=False)
        raise ProductError(source.problem(one["loc"], one["msg"]) for one in found) from None


def _compile(sheet: Sheet, sha256: str, questions: Mapping[str, Asked]) -> Tariff:
    tables = {name: _table(name, table) for name, table in sheet.tables.items()}
    adjustments = {name: _adjustment(one, sheet) for name, one in sheet.adjustments.items()}
    parts = tuple(_part(part, tables, adjustments, questions) for part in sheet.parts)
    conditions = [rule.when for rule in sheet.rules.values()] + [part.when for part in sheet.parts]
    always = _with_parents({key for when in conditions for key in when}, questions)
    read = always.union(*(part.reads for part in parts))
    return Tariff(
        id=sheet.tariff,
        effective=date.fromisoformat(sheet.tariff),
        sha256=sha256,
        questions={key: question for key, question in questions.items() if key in read},
        always_reads=always,
        parts=parts,
        rules=tuple(
            Rule(code, {key: frozenset(listed) for key, listed in rule.when.items()}, rule.says)
            for code, rule in sheet.rules.items()
        ),
        says=dict(sheet.says),
        minimum_premium_yen=sheet.minimum_premium_yen,
        round_to_yen=sheet.round_to_yen,
        authority_yen=sheet.authority_yen,
    )


def _table(name: str, sheet: TableSheet) -> Table:
    if sheet.interpolated is not None:
        return Interpolated(name, sheet.reads, _curve(sheet.interpolated), sheet.outside)
    return Exact(name, sheet.reads, dict(sheet.exact or {}), sheet.outside)


def _curve(rows: Mapping[int, Decimal]) -> Curve:
    return Curve(tuple(rows), tuple(millionths(value) for value in rows.values()))


def _adjustment(sheet: AdjustmentSheet, whole: Sheet) -> Adjustment:
    scales = {
        name: {choice: millionths(worth) for choice, worth in scale.items()} for name, scale in whole.credits.items()
    }
    weights = sheet.score.weights
    score = Score(
        items=tuple(
            (weight.weight, tuple((one, scales[scale]) for one, scale in {key: weight.credit, **weight.either}.items()))
            for key, weight in weights.items()
        ),
        total=sum(weight.weight for weight in weights.values()),
        discount=_curve({millionths(score): discount for score, discount in sheet.score.discount.items()}),
    )
    held = sheet.certificates
    certificates = Certificates(held.reads, dict(held.discount), held.cap) if held else None
    return Adjustment(sheet.label, score, certificates, sheet.cap)


def _part(
    sheet: PartSheet,
    tables: Mapping[str, Table],
    adjustments: Mapping[str, Adjustment],
    questions: Mapping[str, Asked],
) -> Part:
    base = Step(sheet.base.label, tables[sheet.base.table])
    factors = (
        Step(step.label, tables[step.table]) if step.table else adjustments[step.adjustment or ""]
        for step in sheet.steps
    )
    steps = (base, *factors)
    read = frozenset[str]().union(*(step.reads for step in steps))
    return Part(sheet.label, dict(sheet.when), steps, _with_parents(read, questions))


def _with_parents(keys: Iterable[str], questions: Mapping[str, Asked]) -> frozenset[str]:
    """*keys* and the questions that decide whether those are asked."""
    found, new = frozenset[str](), frozenset(keys)
    while new:
        found |= new
        new = frozenset[str]().union(*(questions[key].parents for key in new)) - found
    return found
