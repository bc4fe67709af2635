"""What can be wrong with a tariff although its grammar is right: unknown names, unused entries, gaps.

A tariff with any of these would compute a wrong premium that nobody notices, so it is refused at start.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, Literal

from pricing.tariff.check_rows import Finding, Place, Questions, adjustments, tables
from pricing.tariff.check_rules import conditions, offered, offers
from pricing.tariff.schema import TariffSchema

ENGINE_CODES: Final = frozenset({"missing-answer", "unknown-choice", "contradictory-answer", "over-authority"})


def findings(schema: TariffSchema, questions: Questions) -> list[Finding]:
    """Everything that is wrong, at once. *questions* are all of the form's that have choices or a number."""
    return list(
        chain(
            _unknown_names(schema, questions),
            tables(schema, questions),
            adjustments(schema, questions),
            conditions(schema, questions),
            _sentences(schema),
            _bounds(schema),
            offers(schema, questions),
            _unpriced(schema, questions),
        )
    )


def _unknown_names(schema: TariffSchema, questions: Questions) -> Iterator[Finding]:
    for place, key in _keys(schema):
        if key not in questions:
            yield place, f"the form has no question {key!r} with choices or a number"
        elif questions[key].parents - questions.keys():
            yield place, f"{key} is asked depending on an answer without choices"
    yield from _uses(schema, "table", schema.tables)
    yield from _uses(schema, "adjustment", schema.adjustments)


def _uses(schema: TariffSchema, kind: Literal["table", "adjustment"], defined: Iterable[str]) -> Iterator[Finding]:
    unused = set(defined) - {schema.authority}
    if kind == "table" and schema.authority not in schema.tables:
        yield ("authority",), f"there is no table {schema.authority!r}"
    for number, part in enumerate(schema.parts):
        named: list[tuple[Place, str | None]] = [(("base", kind), part.base.table)] if kind == "table" else []
        named += [(("steps", index, kind), getattr(step, kind)) for index, step in enumerate(part.steps)]
        for place, name in named:
            unused.discard(name or "")
            if name is not None and name not in defined:
                yield ("parts", number, *place), f"there is no {kind} {name!r}"
    yield from (((f"{kind}s", name), f"no part uses this {kind}") for name in sorted(unused))


def _keys(schema: TariffSchema) -> Iterator[tuple[Place, str]]:
    for name, table in schema.tables.items():
        yield ("tables", name, "reads"), table.reads
        if table.across is not None:
            yield ("tables", name, "across"), table.across
    for name, adjustment in schema.adjustments.items():
        yield from ((("adjustments", name, "score", "weights", key), key) for key in adjustment.score.weights)
        for key, weight in adjustment.score.weights.items():
            yield from ((("adjustments", name, "score", "weights", key, "or", other), other) for other in weight.either)
        if adjustment.certificates:
            yield ("adjustments", name, "certificates", "reads"), adjustment.certificates.reads
    for code, rule in schema.rules.items():
        yield from ((("rules", code, "when", key), key) for key in rule.when)
    for code, unavailable in schema.unavailable.items():
        yield from ((("unavailable", code, "when", key), key) for key in unavailable.when)
        yield from ((("unavailable", code, "instead", key), key) for key in unavailable.instead)
    yield from offered(schema)
    for number, part in enumerate(schema.parts):
        yield from ((("parts", number, "when", key), key) for key in part.when)
    yield from ((("neutral", key), key) for key in schema.neutral)


def _sentences(schema: TariffSchema) -> Iterator[Finding]:
    needed = ENGINE_CODES | {table.outside for table in schema.tables.values()}
    for code in sorted(needed - schema.says.keys()):
        yield ("says",), f"no sentence for {code}"
    for code in schema.says.keys() - needed:
        yield ("says", code), "the engine never says this"
    for code, sentence in schema.says.items():
        if "{" in sentence.replace("{question}", ""):
            yield ("says", code), "only {question} can be filled in"
    for code in schema.rules.keys() & needed:
        yield ("rules", code), "the engine uses this code for something else"
    for code in schema.unavailable.keys() & (needed | schema.rules.keys()):
        yield ("unavailable", code), "this code is used for something else"


def _bounds(schema: TariffSchema) -> Iterator[Finding]:
    labels = [part.label for part in schema.parts]
    for number, label in enumerate(labels):
        if label in labels[:number]:
            yield ("parts", number, "label"), "an earlier part has this label too"
    if all(part.when for part in schema.parts):
        yield ("parts",), "no part applies to everybody: some would pay the minimum premium for nothing"
    if schema.minimum_premium_yen % schema.round_to_yen:
        yield ("minimum_premium_yen",), f"not a whole number of {schema.round_to_yen}円"
    most = schema.tables.get(schema.authority)
    if most and max(figure for _, figure in most.rows) < schema.minimum_premium_yen:
        yield ("tables", schema.authority), "below the minimum premium: nothing could be offered"


def _unpriced(schema: TariffSchema, questions: Questions) -> Iterator[Finding]:
    read = {key for place, key in _keys(schema) if place[0] != "neutral"}
    for key in questions:
        if key not in read and key not in schema.neutral:
            yield ("neutral",), f"{key} has choices but is neither priced nor declared neutral"
    for key in schema.neutral.keys() & read:
        yield ("neutral", key), "declared neutral, yet the tariff reads it"
