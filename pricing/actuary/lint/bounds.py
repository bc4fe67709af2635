"""Bounds that never bind, or always do: of a step, of the premium, of what the agency may offer."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal, localcontext

from pricing.actuary.lint.finding import Noted, Subject
from pricing.engine.money import EXACT
from pricing.tariff import Adjustment, Banded, Crossed, Exact, Interpolated, Part, Step, Table
from pricing.tariff.tables import from_millionths

Held = Mapping[str, Collection[str | int]]
"""The answers that are looked at; all answers to a question that is not named."""
Pick = Callable[[Iterable[Decimal]], Decimal]


def bounds(subject: Subject) -> Iterator[Noted]:
    """Bounds that say something else than they do."""
    yield from _steps(subject)
    cheapest, dearest = _total(subject, min, {}), _total(subject, max, {})
    minimum = subject.tariff.minimum_premium_yen
    if minimum <= cheapest:
        yield "warning", ("minimum_premium_yen",), f"never binds: the cheapest cover costs {cheapest:.0f}"
    if minimum >= dearest:
        yield "error", ("minimum_premium_yen",), f"always binds: the dearest cover costs {dearest:.0f}"
    yield from _authority(subject)


def _steps(subject: Subject) -> Iterator[Noted]:
    for number, part in enumerate(subject.sheet.parts):
        for index, step in enumerate(part.steps):
            if step.table is None:
                continue
            figures = [figure for _, figure in subject.sheet.tables[step.table].rows]
            least, most = min(figures), max(figures)
            place = ("parts", number, "steps", index)
            if step.cap is not None and step.cap >= most:
                yield "warning", (*place, "cap"), f"never binds: the largest row of {step.table} is {most}"
            if step.cap is not None and step.cap < least:
                yield "error", (*place, "cap"), f"always binds: the smallest row of {step.table} is {least}"
            if step.floor is not None and step.floor <= least:
                yield "warning", (*place, "floor"), f"never binds: the smallest row of {step.table} is {least}"
            if step.floor is not None and step.floor > (most if step.cap is None else step.cap):
                yield "error", (*place, "floor"), "always binds: it is above the largest row, or above the cap"


def _authority(subject: Subject) -> Iterator[Noted]:
    table = subject.tariff.authority
    name = subject.sheet.authority
    kind = subject.sheet.tables[name].kind
    if isinstance(table, Crossed | Interpolated):
        return
    for row, figure, found_by in _rows_of(table, subject):
        if not found_by:
            continue
        held = {table.reads[0]: found_by}
        dearest, cheapest = _total(subject, max, held), _total(subject, min, held)
        place = ("tables", name, kind, row)
        if dearest <= figure:
            yield "warning", place, f"never reached: the dearest cover here costs {dearest:.0f}"
        if max(cheapest, subject.tariff.minimum_premium_yen) > figure:
            yield "error", place, f"nothing can be offered: the cheapest cover here costs {cheapest:.0f}"


def _rows_of(table: Exact | Banded, subject: Subject) -> Iterator[tuple[str | int, Decimal, list[str | int]]]:
    """Each row, its figure, and the answers that find it."""
    if isinstance(table, Exact):
        yield from ((row, figure, [row]) for row, figure in table.rows.items())
        return
    choices = [one for one in subject.questions[table.reads[0]].choices if isinstance(one, int)]
    for number, (start, figure) in enumerate(zip(table.starts, table.values, strict=True)):
        yield start, figure, [one for one in choices if bisect_right(table.starts, one) - 1 == number]


def _total(subject: Subject, pick: Pick, held: Held) -> Decimal:
    """What no premium for the *held* answers goes below (min), or above (max), before the minimum and rounding."""
    with localcontext(EXACT):
        total = Decimal()
        for part in subject.tariff.parts:
            if part.when and pick is min:
                continue  # a cover that may be left out
            total += _amount(part, pick, {**held, **{key: [value] for key, value in part.when.items()}})
    return total


def _amount(part: Part, pick: Pick, held: Held) -> Decimal:
    amount = Decimal(1)
    for step in part.steps:
        amount *= pick(_factors(step, held))
    return amount


def _factors(step: Step | Adjustment, held: Held) -> list[Decimal]:
    if isinstance(step, Adjustment):
        worst, best = step.score.discount.values[0], step.score.discount.values[-1]
        certified = step.certificates.cap if step.certificates else Decimal()
        discount = from_millionths(best) + certified
        return [1 - from_millionths(worst), 1 - (discount if step.cap is None else min(step.cap, discount))]
    found = _figures(step.table, held) or [Decimal()]
    if step.cap is not None:
        found = [min(step.cap, one) for one in found]
    return found if step.floor is None else [max(step.floor, one) for one in found]


def _figures(table: Table, held: Held) -> list[Decimal]:
    match table:
        case Exact():
            return [figure for row, figure in table.rows.items() if _is_held(table.reads[0], row, held)]
        case Crossed():
            return [
                figure
                for row, figure in table.rows.items()
                if all(_is_held(key, one, held) for key, one in zip(table.reads, row, strict=True))
            ]
        case Banded():
            return list(table.values)
        case Interpolated():
            return [from_millionths(value) for value in table.curve.values]


def _is_held(key: str, answer: str | int, held: Held) -> bool:
    return key not in held or answer in held[key]
