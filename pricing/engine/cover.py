"""The cover that is priced: what was asked for, or the nearest to it that can be had, with every change named."""

from collections.abc import Mapping
from typing import cast

from pricing.engine.reading import Reading, read
from pricing.engine.result import Kind
from pricing.tariff import Known, Tariff, Unavailable
from shared.events import Change, Option

RIDER = "rider_"


def nearest(answers: Mapping[str, object], tariff: Tariff) -> tuple[Reading, tuple[Change, ...]]:
    """The answers as they can be priced, and what had to be exchanged in them for that."""
    reading = read(answers, tariff)
    changes: list[Change] = []
    for rule in tariff.unavailable:
        if rule.holds(reading.known):
            changes += _changes(rule, reading.known)
            # Read again: the exchange may have changed which parts of the premium there are.
            reading = read({**answers, **{change.key: change.offered for change in changes}}, tariff)
    return reading, tuple(changes)


def _changes(rule: Unavailable, known: Known) -> list[Change]:
    return [
        Change(
            key=key,
            requested=cast("str | int", known[key]),
            offered=offered,
            rule=rule.code,
            says=rule.message,
        )
        for key, offered in rule.instead.items()
        if key in known and known[key] != offered
    ]


def barred(known: Known, tariff: Tariff) -> Unavailable | None:
    """The rule that makes this cover unavailable; None when it can be had."""
    return next((rule for rule in tariff.unavailable if rule.holds(known)), None)


def option(kind: Kind, known: Known, premium_yen: int, tariff: Tariff) -> Option:
    """The cover in *known*, at its premium."""

    def amount(key: str) -> int:
        answer = known[key]
        if not isinstance(answer, int):
            raise TypeError(f"{key} is not an amount")
        return answer

    riders = (key for key in tariff.questions if key.startswith(RIDER))
    return Option(
        plan=str(known["plan"]),
        liability_limit=amount("liability_limit"),
        cost_limit=amount("cost_limit"),
        liability_deductible=amount("liability_deductible"),
        cost_deductible=amount("cost_deductible"),
        riders=tuple(rider.removeprefix(RIDER) for rider in riders if known.get(rider) == "yes"),
        premium=premium_yen,
        chosen=kind == "chosen",
        kind=kind,
    )
