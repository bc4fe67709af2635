"""The premium as a whole: more turnover, more limit or less deductible must never cost less."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from pricing.actuary.lint.subject import Issue, Subject
from pricing.engine.price import premium_at
from shared.products.lines import Place

Terms = Mapping[str, str | int]


def check_premiums(subject: Subject) -> Iterator[Issue]:
    """Each ordered term is tried from end to end in the plain cover, and in each cover that differs by one answer."""
    keys = [key for key in subject.tariff.questions if key in _read_by_prices(subject)]
    ordered = {key: _values(subject, key) for key in keys if subject.direction(key)}
    plain = {key: _middle(ordered[key]) if key in ordered else _plain_choice(subject, key) for key in keys}
    others = [(key, choice) for key in keys if key not in ordered for choice in subject.questions[key].choices]
    covers = [plain, *({**plain, key: choice} for key, choice in others if choice != plain[key])]
    for key, values in ordered.items():
        for cover in covers:
            yield from _wrong_turns(subject, key, values, cover)


def _read_by_prices(subject: Subject) -> frozenset[str]:
    """The questions that tables read, and those that decide which parts there are."""
    tables = (subject.schema.tables[name] for name in subject.priced)
    return frozenset(key for table in tables for key in table.keys) | {
        key for part in subject.schema.parts for key in part.when
    }


def _values(subject: Subject, key: str) -> list[str | int]:
    """Every choice in rising order; of a number, every row that it finds and the middle between two rows."""
    asked = subject.questions[key]
    if asked.kind == "amount":
        return sorted(choice for choice in asked.choices if isinstance(choice, int))
    points = sorted(
        {
            int(row[0])
            for name in subject.priced
            for row, _ in subject.schema.tables[name].rows
            if _is_by_number(subject, name, key)
        }
    )
    return sorted({*points, *((left + right) // 2 for left, right in pairwise(points))})


def _is_by_number(subject: Subject, name: str, key: str) -> bool:
    table = subject.schema.tables[name]
    return table.reads == key and table.kind in ("banded", "interpolated")


def _middle(values: list[str | int]) -> str | int:
    return values[len(values) // 2]


def _plain_choice(subject: Subject, key: str) -> str | int:
    """The first choice that no rule refers; of a rider, that it is left out."""
    choices = subject.questions[key].choices
    referred = {choice for rule in subject.schema.rules.values() for choice in rule.when.get(key, ())}
    free = [choice for choice in choices if choice not in referred] or list(choices)
    return "no" if "no" in free else free[0]


def _wrong_turns(subject: Subject, key: str, values: list[str | int], cover: Terms) -> Iterator[Issue]:
    """The first value of *key* at which the premium runs the wrong way."""
    rising = subject.direction(key) == "rising"
    premiums = []
    for value in values:
        premium = premium_at({**cover, key: value}, _neutral_score(subject), subject.tariff)
        if isinstance(premium, int):
            premiums.append((value, premium))
    for (left, before), (right, after) in pairwise(premiums):
        if (after < before) if rising else (after > before):
            yield "error", _place(subject, key, right), f"{key} {right} costs {after}円, {left} costs {before}円"
            return


def _neutral_score(subject: Subject) -> Decimal:
    return next((adjustment.score.neutral for adjustment in subject.schema.adjustments.values()), Decimal())


def _place(subject: Subject, key: str, value: str | int) -> Place:
    """The last table with a row there: the first to read an answer is seldom the one with the mistake."""
    tables = [(name, subject.schema.tables[name]) for name in subject.schema.tables if name in subject.priced]
    readers = [(name, table) for name, table in tables if key in table.keys]
    with_row = [(name, table) for name, table in readers if (value,) in [row for row, _ in table.rows]]
    name, table = (with_row or readers)[-1]
    return ("tables", name, table.kind, value)
