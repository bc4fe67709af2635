"""Bounds that never bind, or always do: of a step, of the premium, of what the agency may offer."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal, localcontext

from pricing.actuary.lint.subject import Issue, Subject
from pricing.engine.money import EXACT
from pricing.tariff import Adjustment, Banded, Crossed, Exact, Interpolated, Part, Step, Table
from pricing.tariff.tables import from_millionths

Given = Mapping[str, Collection[str | int]]
"""The answers that are considered, by question; all answers to a question that is not named."""
Pick = Callable[[Iterable[Decimal]], Decimal]
"""`min` or `max`."""


def check_bounds(subject: Subject) -> Iterator[Issue]:
    """Bounds without the effect that they seem to have."""
    yield from _steps(subject)
    cheapest, dearest = _total(subject, min, {}), _total(subject, max, {})
    minimum = subject.tariff.minimum_premium_yen
    if minimum <= cheapest:
        yield "warning", ("minimum_premium_yen",), f"never binds: the cheapest cover costs {cheapest:.0f}"
    if minimum >= dearest:
        yield "error", ("minimum_premium_yen",), f"always binds: the dearest cover costs {dearest:.0f}"
    yield from _authority(subject)


def _steps(subject: Subject) -> Iterator[Issue]:
    for number, part in enumerate(subject.schema.parts):
        for index, step in enumerate(part.steps):
            if step.table is None:
                continue
            figures = [figure for _, figure in subject.schema.tables[step.table].rows]
            smallest, largest = min(figures), max(figures)
            place = ("parts", number, "steps", index)
            if step.cap is not None and step.cap >= largest:
                yield "warning", (*place, "cap"), f"never binds: the largest row of {step.table} is {largest}"
            if step.cap is not None and step.cap < smallest:
                yield "error", (*place, "cap"), f"always binds: the smallest row of {step.table} is {smallest}"
            if step.floor is not None and step.floor <= smallest:
                yield "warning", (*place, "floor"), f"never binds: the smallest row of {step.table} is {smallest}"
            if step.floor is not None and step.floor > (largest if step.cap is None else step.cap):
                yield "error", (*place, "floor"), "always binds: it is above the largest row, or above the cap"


def _authority(subject: Subject) -> Iterator[Issue]:
    table = subject.tariff.authority
    name = subject.schema.authority
    kind = subject.schema.tables[name].kind
    if isinstance(table, Crossed | Interpolated):
        return
    for row, figure, answers in _rows_with_answers(table, subject):
        if not answers:
            continue
        given = {table.reads[0]: answers}
        dearest, cheapest = _total(subject, max, given), _total(subject, min, given)
        place = ("tables", name, kind, row)
        if dearest <= figure:
            yield "warning", place, f"never reached: the dearest cover here costs {dearest:.0f}"
        if max(cheapest, subject.tariff.minimum_premium_yen) > figure:
            yield "error", place, f"nothing can be offered: the cheapest cover here costs {cheapest:.0f}"


def _rows_with_answers(table: Exact | Banded, subject: Subject) -> Iterator[tuple[str | int, Decimal, list[str | int]]]:
    """Each row, its figure, and the answers that find it."""
    if isinstance(table, Exact):
        yield from ((row, figure, [row]) for row, figure in table.rows.items())
        return
    choices = [choice for choice in subject.questions[table.reads[0]].choices if isinstance(choice, int)]
    for number, (start, figure) in enumerate(zip(table.starts, table.values, strict=True)):
        yield start, figure, [choice for choice in choices if bisect_right(table.starts, choice) - 1 == number]


def _total(subject: Subject, pick: Pick, given: Given) -> Decimal:
    """A bound for every premium with the *given* answers, before the minimum and rounding: lowest or highest."""
    with localcontext(EXACT):
        total = Decimal()
        for part in subject.tariff.parts:
            if part.when and pick is min:
                continue  # a cover that may be left out
            total += _amount(part, pick, {**given, **{key: [value] for key, value in part.when.items()}})
    return total


def _amount(part: Part, pick: Pick, given: Given) -> Decimal:
    amount = Decimal(1)
    for step in part.steps:
        amount *= pick(_factors(step, given))
    return amount


def _factors(step: Step | Adjustment, given: Given) -> list[Decimal]:
    if isinstance(step, Adjustment):
        worst, best = step.score.discount.values[0], step.score.discount.values[-1]
        certified = step.certificates.cap if step.certificates else Decimal()
        discount = from_millionths(best) + certified
        return [1 - from_millionths(worst), 1 - (discount if step.cap is None else min(step.cap, discount))]
    figures = _figures(step.table, given) or [Decimal()]
    if step.cap is not None:
        figures = [min(step.cap, figure) for figure in figures]
    return figures if step.floor is None else [max(step.floor, figure) for figure in figures]


def _figures(table: Table, given: Given) -> list[Decimal]:
    match table:
        case Exact():
            return [figure for row, figure in table.rows.items() if _may_be(table.reads[0], row, given)]
        case Crossed():
            return [
                figure
                for row, figure in table.rows.items()
                if all(_may_be(key, answer, given) for key, answer in zip(table.reads, row, strict=True))
            ]
        case Banded():
            return list(table.values)
        case Interpolated():
            return [from_millionths(value) for value in table.curve.values]


def _may_be(key: str, answer: str | int, given: Given) -> bool:
    return key not in given or answer in given[key]
