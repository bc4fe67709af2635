"""What can be wrong with a tariff although its grammar is right: names nobody knows, things nobody uses, gaps.

A tariff with any of these would price somebody wrong in silence, so it is refused at start, each with its place.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, Literal

from pricing.tariff.check_rows import Finding, Place, Questions, adjustments, tables
from pricing.tariff.check_rules import conditions, offered, offers
from pricing.tariff.sheet import Sheet

ENGINE_SAYS: Final = frozenset({"missing-answer", "unknown-choice", "contradictory-answer", "over-authority"})


def findings(sheet: Sheet, questions: Questions) -> list[Finding]:
    """Everything that is wrong, at once. *questions* are all of the form's that have choices or a number."""
    return list(
        chain(
            _unknown_names(sheet, questions),
            tables(sheet, questions),
            adjustments(sheet, questions),
            conditions(sheet, questions),
            _sentences(sheet),
            _bounds(sheet),
            offers(sheet, questions),
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
    unused = set(defined) - {sheet.authority}
    if kind == "table" and sheet.authority not in sheet.tables:
        yield ("authority",), f"there is no table {sheet.authority!r}"
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
        if table.across is not None:
            yield ("tables", name, "across"), table.across
    for name, adjustment in sheet.adjustments.items():
        yield from ((("adjustments", name, "score", "weights", key), key) for key in adjustment.score.weights)
        for key, weight in adjustment.score.weights.items():
            yield from ((("adjustments", name, "score", "weights", key, "or", other), other) for other in weight.either)
        if adjustment.certificates:
            yield ("adjustments", name, "certificates", "reads"), adjustment.certificates.reads
    for code, rule in sheet.rules.items():
        yield from ((("rules", code, "when", key), key) for key in rule.when)
    for code, unavailable in sheet.unavailable.items():
        yield from ((("unavailable", code, "when", key), key) for key in unavailable.when)
        yield from ((("unavailable", code, "instead", key), key) for key in unavailable.instead)
    yield from offered(sheet)
    for number, part in enumerate(sheet.parts):
        yield from ((("parts", number, "when", key), key) for key in part.when)
    yield from ((("neutral", key), key) for key in sheet.neutral)


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
    for code in sheet.unavailable.keys() & (needed | sheet.rules.keys()):
        yield ("unavailable", code), "this code is used for something else"


def _bounds(sheet: Sheet) -> Iterator[Finding]:
    labels = [part.label for part in sheet.parts]
    for number, label in enumerate(labels):
        if label in labels[:number]:
            yield ("parts", number, "label"), "an earlier part has this label too"
    if all(part.when for part in sheet.parts):
        yield ("parts",), "no part applies to everybody: some would pay the minimum premium for nothing"
    if sheet.minimum_premium_yen % sheet.round_to_yen:
        yield ("minimum_premium_yen",), f"not a whole number of {sheet.round_to_yen}円"
    most = sheet.tables.get(sheet.authority)
    if most and max(figure for _, figure in most.rows) < sheet.minimum_premium_yen:
        yield ("tables", sheet.authority), "below the minimum premium: nothing could be offered"


def _unpriced(sheet: Sheet, questions: Questions) -> Iterator[Finding]:
    read = {key for place, key in _keys(sheet) if place[0] != "neutral"}
    for key in questions:
        if key not in read and key not in sheet.neutral:
            yield ("neutral",), f"{key} has choices but is neither priced nor declared neutral"
    for key in sheet.neutral.keys() & read:
        yield ("neutral", key), "declared neutral, yet the tariff reads it"
