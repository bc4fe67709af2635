"""Rows against choices: every choice has its row, every row its choice, and lines run the way they are said to."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from shared.products.tariff.questions import Asked
from shared.products.tariff.sheet import AdjustmentSheet, Sheet, TableSheet

Place = tuple[str | int, ...]
Finding = tuple[Place, str]
Questions = Mapping[str, Asked]


def tables(sheet: Sheet, questions: Questions) -> Iterator[Finding]:
    """What is wrong with the tables, row by row."""
    factors = {step.table for part in sheet.parts for step in part.steps}
    for name, table in sheet.tables.items():
        place: Place = ("tables", name)
        question = questions.get(table.reads)
        if table.exact is not None:
            referred = _referred(sheet, table.reads)
            yield from _choices((*place, "exact"), table.exact, question, "row", referred)
        if question and question.parents:
            yield (*place, "reads"), f"{table.reads} is not always asked, and a table cannot do without an answer"
        if table.interpolated is not None and question and question.kind != "thousand_yen":
            yield (*place, "interpolated"), f"{table.reads!r} is not a number to interpolate over"
        if name in factors:
            for choice, figure in _rows(table):
                if figure == 0:
                    yield (*place, _kind(table), choice), "a factor of 0 would give the whole cover away"
        yield from _direction(place, table)


def _referred(sheet: Sheet, key: str) -> set[str | int]:
    """The choices of *key* that a rule sends to a person whatever else was answered: they need no row."""
    return {choice for rule in sheet.rules.values() if rule.when.keys() == {key} for choice in rule.when[key]}


def _rows(table: TableSheet) -> list[tuple[str | int, Decimal]]:
    return [*(table.exact or table.interpolated or {}).items()]


def _kind(table: TableSheet) -> str:
    return "exact" if table.exact is not None else "interpolated"


def _direction(place: Place, table: TableSheet) -> Iterator[Finding]:
    rows = _rows(table)
    if table.interpolated is None and table.runs is None:
        return
    for (left, before), (right, after) in pairwise(rows):
        here = (*place, _kind(table), right)
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


def adjustments(sheet: Sheet, questions: Questions) -> Iterator[Finding]:
    """What is wrong with scores, scales and certifications."""
    scored: set[str] = set()
    for name, adjustment in sheet.adjustments.items():
        yield from _score(sheet, name, adjustment, questions, scored)
        if adjustment.certificates:
            place = ("adjustments", name, "certificates", "discount")
            held = adjustment.certificates
            yield from _choices(place, held.discount, questions.get(held.reads), "discount")
    used = {
        scale
        for one in sheet.adjustments.values()
        for w in one.score.weights.values()
        for scale in _scales(w.credit, w.either)
    }
    for scale in sheet.credits.keys() - used:
        yield ("credits", scale), "no question uses this scale"
    for scale, worth in sheet.credits.items():
        if worth.get("unknown", Decimal()) > min(worth.values(), default=Decimal()):
            yield ("credits", scale, "unknown"), "わからない must not be worth more than the unfavourable answer"


def _scales(credit: str, either: Mapping[str, str]) -> tuple[str, ...]:
    return (credit, *either.values())


def _score(
    sheet: Sheet, name: str, adjustment: AdjustmentSheet, questions: Questions, scored: set[str]
) -> Iterator[Finding]:
    for key, weight in adjustment.score.weights.items():
        place: Place = ("adjustments", name, "score", "weights", key)
        for one, scale in {key: weight.credit, **weight.either}.items():
            if one in scored:
                yield place, f"{one} is scored twice"
            scored.add(one)
            if scale not in sheet.credits:
                yield place, f"there is no scale {scale!r}"
            else:
                yield from (
                    (place, text) for _, text in _choices(place, sheet.credits[scale], questions.get(one), "credit")
                )
    curve = [*adjustment.score.discount.items()]
    place = ("adjustments", name, "score", "discount")
    if curve[0][0] != Decimal(0) or curve[-1][0] != Decimal(1):
        yield place, "must run from score 0 to score 1"
    for (left, before), (right, after) in pairwise(curve):
        if right <= left or after < before:
            yield place, f"must rise with the score: a better answer never costs more (at {right})"
    if adjustment.cap >= 1:
        yield ("adjustments", name, "cap"), "a discount of everything is no premium"


def conditions(sheet: Sheet, questions: Questions) -> Iterator[Finding]:
    """What is wrong with the conditions of rules and parts."""
    for code, rule in sheet.rules.items():
        for key, listed in rule.when.items():
            yield from _listed(("rules", code, "when", key), questions.get(key), listed)
    for number, part in enumerate(sheet.parts):
        for key, choice in part.when.items():
            yield from _listed(("parts", number, "when", key), questions.get(key), [choice])


def _listed(place: Place, question: Asked | None, listed: Iterable[str | int]) -> Iterator[Finding]:
    if question and question.kind == "multi":
        yield place, "a list of ticks cannot stand in a condition"
    elif question:
        for choice in listed:
            if choice not in question.choices:
                yield place, f"{question.key} has no choice {choice}"
