"""Conditions against choices: rules can apply, what is offered instead is available, and other options exist."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from pricing.tariff.check_rows import Finding, Place, Questions
from pricing.tariff.questions import Asked
from pricing.tariff.schema import TariffSchema


def conditions(schema: TariffSchema, questions: Questions) -> Iterator[Finding]:
    """What is wrong with the conditions of rules and parts."""
    for kind, rules in (("rules", schema.rules), ("unavailable", schema.unavailable)):
        for code, rule in rules.items():
            for key, listed in rule.when.items():
                yield from _listed((kind, code, "when", key), questions.get(key), listed)
    for number, part in enumerate(schema.parts):
        for key, choice in part.when.items():
            yield from _listed(("parts", number, "when", key), questions.get(key), [choice])


def _listed(place: Place, question: Asked | None, listed: Iterable[str | int]) -> Iterator[Finding]:
    if question and question.kind == "multi":
        yield place, "a list of ticks cannot stand in a condition"
    elif question:
        for choice in listed:
            if choice not in question.choices:
                yield place, f"{question.key} has no choice {choice}"


def offers(schema: TariffSchema, questions: Questions) -> Iterator[Finding]:
    """What is wrong with what is offered instead, and with the other options."""
    barred = {
        (key, choice) for rule in schema.unavailable.values() for key, listed in rule.when.items() for choice in listed
    }
    for code, rule in schema.unavailable.items():
        for key, choice in rule.instead.items():
            place: Place = ("unavailable", code, "instead", key)
            yield from _listed(place, questions.get(key), [choice])
            if (key, choice) in barred:
                yield place, f"{choice} may be unavailable itself"
        if rule.instead.keys().isdisjoint(rule.when):
            yield ("unavailable", code, "instead"), "exchanges nothing that makes the cover unavailable"
    for place, key in offered(schema):
        if key in questions and questions[key].kind != "amount":
            yield place, f"{key} is not a list of amounts"
    for number, grid in enumerate(schema.offer.grids):
        for word, key, values in (
            ("row_values", grid.rows, grid.row_values),
            ("column_values", grid.columns, grid.column_values),
        ):
            place = ("offer", "grids", number, word)
            yield from _listed(place, questions.get(key), values)
            if any(after <= before for before, after in pairwise(values)):
                yield place, "must stand in rising order"


def offered(schema: TariffSchema) -> Iterator[tuple[Place, str]]:
    """The terms in which other options differ from the cover that was asked for."""
    for word, moves in (("lighter", schema.offer.lighter), ("fuller", schema.offer.fuller)):
        yield from ((("offer", word, key), key) for key in moves)
    for number, grid in enumerate(schema.offer.grids):
        yield ("offer", "grids", number, "rows"), grid.rows
        yield ("offer", "grids", number, "columns"), grid.columns
