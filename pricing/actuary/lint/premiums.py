"""The premium as a whole: more turnover, more limit or less deductible must never cost less."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from pricing.actuary.lint.finding import Noted, Subject
from pricing.engine.price import premium_at
from shared.products.lines import Place

Terms = dict[str, str | int]


def premiums(subject: Subject) -> Iterator[Noted]:
    """Each axis is walked from end to end in the plain cover, and in every cover that is one answer off it."""
    keys = [key for key in subject.tariff.questions if key in _read(subject)]
    walks = {key: _walk(subject, key) for key in keys if subject.direction(key)}
    plain = {key: _middle(walks[key]) if key in walks else _plain(subject, key) for key in keys}
    others = [(key, choice) for key in keys if key not in walks for choice in subject.questions[key].choices]
    covers = [plain, *({**plain, key: choice} for key, choice in others if choice != plain[key])]
    for key, values in walks.items():
        for cover in covers:
            yield from _along(subject, key, values, cover)


def _read(subject: Subject) -> frozenset[str]:
    """What tables read, and what decides which parts there are."""
    tables = (subject.sheet.tables[name] for name in subject.priced)
    return frozenset(key for table in tables for key in table.keys) | {
        key for part in subject.sheet.parts for key in part.when
    }


def _walk(subject: Subject, key: str) -> list[str | int]:
    """Every choice; of a number, every row that is found by it and the middle between two."""
    asked = subject.questions[key]
    if asked.kind == "amount":
        return sorted(choice for choice in asked.choices if isinstance(choice, int))
    found = {
        int(row[0])
        for name in subject.priced
        for row, _ in subject.sheet.tables[name].rows
        if _reads(subject, name, key)
    }
    points = sorted(found)
    return sorted({*points, *((left + right) // 2 for left, right in pairwise(points))})


def _reads(subject: Subject, name: str, key: str) -> bool:
    table = subject.sheet.tables[name]
    return table.reads == key and table.kind in ("banded", "interpolated")


def _middle(values: list[str | int]) -> str | int:
    return values[len(values) // 2]


def _plain(subject: Subject, key: str) -> str | int:
    """The first choice that no rule refers; of a rider, that it is left out."""
    choices = subject.questions[key].choices
    taken = {choice for rule in subject.sheet.rules.values() for choice in rule.when.get(key, ())}
    free = [choice for choice in choices if choice not in taken] or list(choices)
    return "no" if "no" in free else free[0]


def _along(subject: Subject, key: str, values: list[str | int], cover: Mapping[str, str | int]) -> Iterator[Noted]:
    rising = subject.direction(key) == "rising"
    found = []
    for value in values:
        premium = premium_at({**cover, key: value}, _neutral(subject), subject.tariff)
        if isinstance(premium, int):
            found.append((value, premium))
    for (left, before), (right, after) in pairwise(found):
        if (after < before) if rising else (after > before):
            yield "error", _place(subject, key, right), f"{key} {right} costs {after}円, {left} costs {before}円"
            return


def _neutral(subject: Subject) -> Decimal:
    return next((one.score.neutral for one in subject.sheet.adjustments.values()), Decimal())


def _place(subject: Subject, key: str, value: str | int) -> Place:
    """The last table with a row there: the first to read an answer is seldom the one that turned the sum around."""
    tables = [(name, subject.sheet.tables[name]) for name in subject.sheet.tables if name in subject.priced]
    read = [(name, table) for name, table in tables if key in table.keys]
    rows = [(name, table) for name, table in read if (value,) in [row for row, _ in table.rows]]
    name, table = (rows or read)[-1]
    return ("tables", name, table.kind, value)
