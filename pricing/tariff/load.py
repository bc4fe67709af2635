"""Makes lookups from an actuary's file, after every check: a tariff that is refused here prices no request."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from pricing.tariff.check import findings
from pricing.tariff.questions import Asked, priceable_questions
from pricing.tariff.schema import AdjustmentSchema, OfferSchema, PartSchema, RuleSchema, TableSchema, TariffSchema
from pricing.tariff.score import Certificates, Item, Score
from pricing.tariff.tables import Banded, Crossed, Curve, Exact, Interpolated, Table, millionths
from pricing.tariff.tariff import Adjustment, Alternatives, GridPlan, Part, Rule, Step, Tariff, Unavailable
from shared.products.errors import ProductError
from shared.products.form import Form
from shared.products.source import Source, read_yaml


def load_tariff(path: Path, form: Form) -> Tariff:
    """The tariff in *path*, checked against the form. Raises `ProductError` with all that is wrong at once."""
    return parse_tariff(read_yaml(path), form)


def parse_tariff(source: Source, form: Form) -> Tariff:
    """The tariff in *source*, with the same checks; its path is only a name."""
    schema = parse_schema(source)
    questions = priceable_questions(form)
    problems = [source.problem(place, text) for place, text in findings(schema, questions)]
    if schema.tariff != source.path.stem:
        problems.append(source.problem(("tariff",), f"the file is called {source.path.stem}"))
    if problems:
        raise ProductError(problems)
    return _compile(schema, source, form.version, questions)


def parse_schema(source: Source) -> TariffSchema:
    """The content of *source*, checked against the grammar alone. Raises `ProductError`."""
    try:
        return TariffSchema.model_validate(source.data)
    except ValidationError as error:
        details = error.errors(include_input=False, include_context=False, include_url=False)
        raise ProductError(source.problem(detail["loc"], detail["msg"]) for detail in details) from None


def _compile(schema: TariffSchema, source: Source, form_version: str, questions: Mapping[str, Asked]) -> Tariff:
    tables = {name: _table(name, table) for name, table in schema.tables.items()}
    adjustments = {name: _adjustment(name, entry, schema, questions) for name, entry in schema.adjustments.items()}
    alternatives = _alternatives(schema.offer)
    varied = {
        *alternatives.lighter,
        *alternatives.fuller,
        *(key for grid in alternatives.grids for key in (grid.rows, grid.columns)),
    }
    parts = tuple(_part(part, tables, adjustments, questions, varied) for part in schema.parts)
    ruled = {key for rule in (*schema.rules.values(), *schema.unavailable.values()) for key in rule.when}
    ruled |= {key for rule in schema.unavailable.values() for key in rule.instead}
    authority = tables[schema.authority]
    decisive = ruled | {key for part in schema.parts for key in part.when} | {*authority.reads} | varied
    always = _with_parents(decisive, questions)
    read = always.union(*(part.reads for part in parts))
    return Tariff(
        id=schema.tariff,
        effective=date.fromisoformat(schema.tariff),
        sha256=source.sha256,
        text=source.text,
        form_version=form_version,
        valid_days=schema.valid_days,
        questions={key: question for key, question in questions.items() if key in read},
        always_reads=always,
        parts=parts,
        rules=tuple(Rule(code, _listed(rule), rule.says) for code, rule in schema.rules.items()),
        unavailable=tuple(
            Unavailable(code, _listed(rule), rule.says, instead=dict(rule.instead))
            for code, rule in schema.unavailable.items()
        ),
        alternatives=alternatives,
        messages=dict(schema.says),
        minimum_premium_yen=schema.minimum_premium_yen,
        round_to_yen=schema.round_to_yen,
        authority=authority,
    )


def _listed(rule: RuleSchema) -> dict[str, frozenset[str | int]]:
    return {key: frozenset(listed) for key, listed in rule.when.items()}


def _alternatives(schema: OfferSchema) -> Alternatives:
    grids = (
        GridPlan(
            rows=grid.rows,
            row_values=tuple(grid.row_values),
            columns=grid.columns,
            column_values=tuple(grid.column_values),
        )
        for grid in schema.grids
    )
    return Alternatives(dict(schema.lighter), dict(schema.fuller), tuple(grids))


def _table(name: str, schema: TableSchema) -> Table:
    if schema.across is not None:
        crossed = {(down, across): figure for (down, across), figure in schema.rows}
        return Crossed(name=name, reads=(schema.reads, schema.across), rows=crossed, outside=schema.outside)
    if schema.banded is not None:
        starts, values = tuple(schema.banded), tuple(schema.banded.values())
        return Banded(name=name, reads=(schema.reads,), starts=starts, values=values, outside=schema.outside)
    if schema.interpolated is not None:
        curve = _curve(schema.interpolated)
        return Interpolated(name=name, reads=(schema.reads,), curve=curve, outside=schema.outside)
    return Exact(name=name, reads=(schema.reads,), rows=dict(schema.exact or {}), outside=schema.outside)


def _curve(rows: Mapping[int, Decimal]) -> Curve:
    return Curve(tuple(rows), tuple(millionths(value) for value in rows.values()))


def _adjustment(name: str, schema: AdjustmentSchema, whole: TariffSchema, questions: Mapping[str, Asked]) -> Adjustment:
    scales = {
        scale: {choice: millionths(worth) for choice, worth in worths.items()}
        for scale, worths in whole.credits.items()
    }
    score = Score(
        items=tuple(
            Item(
                weight=weight.weight,
                by=tuple((other, scales[scale]) for other, scale in {key: weight.credit, **weight.either}.items()),
                ticks=questions[key].kind == "multi",
                advice=weight.advice,
            )
            for key, weight in schema.score.weights.items()
        ),
        discount=_curve({millionths(score): discount for score, discount in schema.score.discount.items()}),
    )
    held = schema.certificates
    certificates = (
        Certificates(reads=held.reads, rows=dict(held.discount), advice=dict(held.advice), cap=held.cap)
        if held
        else None
    )
    return Adjustment(name=name, label=schema.label, score=score, certificates=certificates, cap=schema.cap)


def _part(
    schema: PartSchema,
    tables: Mapping[str, Table],
    adjustments: Mapping[str, Adjustment],
    questions: Mapping[str, Asked],
    varied: set[str],
) -> Part:
    def step(label: str, name: str, cap: Decimal | None = None, floor: Decimal | None = None) -> Step:
        table = tables[name]
        return Step(label=label, table=table, varies=not varied.isdisjoint(table.reads), cap=cap, floor=floor)

    factors = (
        step(entry.label, entry.table, entry.cap, entry.floor) if entry.table else adjustments[entry.adjustment or ""]
        for entry in schema.steps
    )
    steps = (step(schema.base.label, schema.base.table), *factors)
    read = frozenset[str]().union(*(step.reads for step in steps))
    return Part(label=schema.label, when=dict(schema.when), steps=steps, reads=_with_parents(read, questions))


def _with_parents(keys: Iterable[str], questions: Mapping[str, Asked]) -> frozenset[str]:
    """*keys* and the questions that decide whether those are asked."""
    all_keys, new = frozenset[str](), frozenset(keys)
    while new:
        all_keys |= new
        new = frozenset[str]().union(*(questions[key].parents for key in new)) - all_keys
    return all_keys
