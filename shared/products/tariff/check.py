"""What can be wrong with a tariff although its grammar is right: gaps, contradictions, lines that run the wrong way.

A tariff with any of these would price somebody wrong in silence, so it is refused at start, each with its place.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain, pairwise
from typing import Literal

from shared.products.tariff.questions import Asked
from shared.products.tariff.sheet import AdjustmentSheet, Sheet, TableSheet

Place = tuple[str | int, ...]
Finding = tuple[Place, str]
Questions = Mapping[str, Asked]

ENGINE_SAYS = frozenset({"missing-answer", "unknown-choice", "contradictory-answer", "over-authority"})


def findings(sheet: Sheet, questions: Questions) -> list[Finding]:
    """Everything that is wrong, at once. *questions* are all of the form's that have choices or a number."""
    return list(
        chain(
            _unknown_names(sheet, questions),
            _tables(sheet, questions),
            _adjustments(sheet, questions),
            _conditions(sheet, questions),
            _sentences(sheet),
            _bounds(sheet),
            _unpriced(sheet, questions),
        )
    )


def _unknown_names(sheet: Sheet, questions: Questions) -> Iterator[Finding]:
    for place, key in _keys(sheet):
        if key not in questions:
            yield place, f"the form has no question {key!r} with choices or a number"
        elif questions[key].parents - questions.keys():
            yield place, f"{key} is asked depending on an answer without choices"
    yield from _uses(sheet, "table", sheet.tables)
    yield from _uses(sheet, "adjustment", sheet.adjustments)


def _uses(sheet: Sheet, kind: Literal["table", "adjustment"], defined: Iterable[str]) -> Iterator[Finding]:
    unused = set(defined)
    for number, part in enumerate(sheet.parts):
        named: list[tuple[Place, str | None]] = [(("base", kind), part.base.table)] if kind == "table" else []
        named += [(("steps", index, kind), getattr(step, kind)) for index, step in enumerate(part.steps)]
        for place, name in named:
            unused.discard(name or "")
            if name is not None and name not in defined:
                yield ("parts", number, *place), f"there is no {kind} {name!r}"
    yield from (((f"{kind}s", name), f"no part uses this {kind}") for name in sorted(unused))


def _keys(sheet: Sheet) -> Iterator[tuple[Place, str]]:
    for name, table in sheet.tables.items():
        yield ("tables", name, "reads"), table.reads
    for name, adjustment in sheet.adjustments.items():
        yield from (((*_weights(name), key), key) for key in adjustment.score.weights)
        for key, weight in adjustment.score.weights.items():
            yield from (((*_weights(name), key, "or", other), other) for other in weight.either)
        if adjustment.certificates:
            yield ("adjustments", name, "certificates", "reads"), adjustment.certificates.reads
    for code, rule in sheet.rules.items():
        yield from ((("rules", code, "when", key), key) for key in rule.when)
    for number, part in enumerate(sheet.parts):
        yield from ((("parts", number, "when", key), key) for key in part.when)
    yield from ((("neutral", key), key) for key in sheet.neutral)


def _weights(adjustment: str) -> Place:
    return ("adjustments", adjustment, "score", "weights")


def _tables(sheet: Sheet, questions: Questions) -> Iterator[Finding]:
    factors = {step.table for part in sheet.parts for step in part.steps}
    for name, table in sheet.tables.items():
        place = ("tables", name)
        question = questions.get(table.reads)
        if table.exact is not None:
            referred = _referred(sheet, table.reads)
            yield from _choices((*place, "exact"), table.exact, question, "row", referred)
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


def _adjustments(sheet: Sheet, questions: Questions) -> Iterator[Finding]:
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
        place = (*_weights(name), key)
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


def _conditions(sheet: Sheet, questions: Questions) -> Iterator[Finding]:
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


def _sentences(sheet: Sheet) -> Iterator[Finding]:
    needed = ENGINE_SAYS | {table.outside for table in sheet.tables.values()}
    for code in sorted(needed - sheet.says.keys()):
        yield ("says",), f"no sentence for {code}"
    for code in sheet.says.keys() - needed:
        yield ("says", code), "the engine never says this"
    for code, sentence in sheet.says.items():
        if "{" in sentence.replace("{question}", ""):
            yield ("says", code), "only {question} can be filled in"
    for code in sheet.rules.keys() & needed:
        yield ("rules", code), "the engine uses this code for something else"


def _bounds(sheet: Sheet) -> Iterator[Finding]:
    labels = [part.label for part in sheet.parts]
    for number, label in enumerate(labels):
        if label in labels[:number]:
            yield ("parts", number, "label"), "an earlier part has this label too"
    if sheet.minimum_premium_yen % sheet.round_to_yen:
        yield ("minimum_premium_yen",), f"not a whole number of {sheet.round_to_yen}円"
    if sheet.authority_yen < sheet.minimum_premium_yen:
        yield ("authority_yen",), "below the minimum premium: nothing could be offered"


def _unpriced(sheet: Sheet, questions: Questions) -> Iterator[Finding]:
    read = {key for place, key in _keys(sheet) if place[0] != "neutral"}
    for key in questions:
        if key not in read and key not in sheet.neutral:
            yield ("neutral",), f"{key} has choices but is neither priced nor declared neutral"
    for key in sheet.neutral.keys() & read:
        yield ("neutral", key), "declared neutral, yet the tariff reads it"
