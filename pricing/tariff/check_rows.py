"""Rows against choices: every choice has its row, every row its choice, and rows rise or fall as they should."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from pricing.tariff.questions import Asked
from pricing.tariff.schema import AdjustmentSchema, TableSchema, TariffSchema

Place = tuple[str | int, ...]
Finding = tuple[Place, str]
Questions = Mapping[str, Asked]


def tables(schema: TariffSchema, questions: Questions) -> Iterator[Finding]:
    """What is wrong with the tables, row by row."""
    factors = {step.table for part in schema.parts for step in part.steps}
    for name, table in schema.tables.items():
        place: Place = ("tables", name)
        yield from _readable(place, table, questions)
        yield from _coverage(schema, (*place, table.kind), table, questions)
        if name in factors:
            for row, figure in table.rows:
                if figure == 0:
                    yield (*place, table.kind, *row), "a factor of 0 would give the whole cover away"
        yield from _direction(place, table)


def _readable(place: Place, table: TableSchema, questions: Questions) -> Iterator[Finding]:
    for word, key in zip(("reads", "across"), table.keys, strict=False):
        question = questions.get(key)
        if question is None:
            continue
        if question.parents:
            yield (*place, word), f"{key} is not always asked, and a table cannot do without an answer"
        if question.kind == "multi":
            yield (*place, word), f"{key} is a list of ticks, and a table looks up one answer"
        if table.kind == "interpolated" and question.kind != "thousand_yen":
            yield (*place, table.kind), f"{key!r} is not a number to interpolate over"
        if table.kind == "banded" and question.kind not in ("thousand_yen", "amount"):
            yield (*place, table.kind), f"{key!r} is not a number to make bands of"


def _coverage(schema: TariffSchema, place: Place, table: TableSchema, questions: Questions) -> Iterator[Finding]:
    """Every answer has a row, unless a rule handles it before."""
    if table.exact is not None:
        handled = _handled(schema, table.reads)
        yield from _choices(place, table.exact, questions.get(table.reads), "row", handled)
    if table.crossed is not None and table.across is not None:
        yield from _choices(place, table.crossed, questions.get(table.reads), "row", _handled(schema, table.reads))
        for down, columns in table.crossed.items():
            handled = _handled(schema, table.across) | _handled(schema, table.across, {table.reads: down})
            yield from _choices((*place, down), columns, questions.get(table.across), "column", handled)


def _handled(schema: TariffSchema, key: str, given: Mapping[str, str | int] | None = None) -> set[str | int]:
    """The choices of *key*, beside the answer in *given*, that a rule refers or exchanges: they need no row."""
    given = given or {}
    return {
        choice
        for rule in (*schema.rules.values(), *schema.unavailable.values())
        if rule.when.keys() == {key, *given} and all(value in rule.when[other] for other, value in given.items())
        for choice in rule.when[key]
    }


def _direction(place: Place, table: TableSchema) -> Iterator[Finding]:
    if table.crossed is not None:
        if table.runs:
            yield (*place, "runs"), "a crossed table runs in no direction"
        return
    if table.kind == "exact" and table.runs is None:
        return
    for ((left,), before), ((right,), after) in pairwise(table.rows):
        here = (*place, table.kind, right)
        if isinstance(left, str) or isinstance(right, str) or right <= left:
            yield here, f"must come after {left}, in rising order"
        if (table.runs == "rising" and after < before) or (table.runs == "falling" and after > before):
            yield here, f"{after} after {before}: the table is said to be {table.runs}"


def _choices(
    place: Place,
    rows: Iterable[str | int],
    question: Asked | None,
    what: str,
    referred: Iterable[str | int] = (),
) -> Iterator[Finding]:
    if question is None:
        return
    rows = list(rows)
    missing = [choice for choice in question.choices if choice not in rows and choice not in set(referred)]
    if missing:
        yield place, f"no {what} for {', '.join(map(str, missing))} of {question.key}, and no rule refers it"
    for row in rows:
        if row not in question.choices:
            yield (*place, row), f"{question.key} has no such choice"


def adjustments(schema: TariffSchema, questions: Questions) -> Iterator[Finding]:
    """What is wrong with scores, scales and certifications."""
    scored: set[str] = set()
    for name, adjustment in schema.adjustments.items():
        yield from _score(schema, name, adjustment, questions, scored)
        if adjustment.certificates:
            place = ("adjustments", name, "certificates", "discount")
            certificates = adjustment.certificates
            yield from _choices(place, certificates.discount, questions.get(certificates.reads), "discount")
            for name_held, share in certificates.discount.items():
                if share > 0 and name_held not in certificates.advice:
                    yield (*place[:-1], "advice"), f"nothing is advised to those who do not hold {name_held}"
            for name_held in certificates.advice.keys() - certificates.discount.keys():
                yield (*place[:-1], "advice", name_held), "there is no discount for it"
    used = {
        scale
        for adjustment in schema.adjustments.values()
        for weight in adjustment.score.weights.values()
        for scale in (weight.credit, *weight.either.values())
    }
    for scale in schema.credits.keys() - used:
        yield ("credits", scale), "no question uses this scale"
    for scale, worth in schema.credits.items():
        if worth.get("unknown", Decimal()) > min(worth.values(), default=Decimal()):
            yield ("credits", scale, "unknown"), "わからない must not be worth more than the unfavourable answer"


def _score(
    schema: TariffSchema, name: str, adjustment: AdjustmentSchema, questions: Questions, scored: set[str]
) -> Iterator[Finding]:
    for key, weight in adjustment.score.weights.items():
        place: Place = ("adjustments", name, "score", "weights", key)
        for question, scale in {key: weight.credit, **weight.either}.items():
            if question in scored:
                yield place, f"{question} is scored twice"
            scored.add(question)
            if scale not in schema.credits:
                yield place, f"there is no scale {scale!r}"
            else:
                yield from (
                    (place, text)
                    for _, text in _choices(place, schema.credits[scale], questions.get(question), "credit")
                )
    curve = [*adjustment.score.discount.items()]
    place = ("adjustments", name, "score", "discount")
    if curve[0][0] != Decimal(0) or curve[-1][0] != Decimal(1):
        yield place, "must run from score 0 to score 1"
    for (left, before), (right, after) in pairwise(curve):
        if right <= left or after < before:
            yield place, f"must rise with the score: a better answer never costs more (at {right})"
    if adjustment.cap is None and adjustment.certificates:
        yield ("adjustments", name), "two discounts need a cap together"
    most = curve[-1][1] if adjustment.cap is None else adjustment.cap
    if most >= 1:
        yield ("adjustments", name, "cap"), "a discount of everything is no premium"
