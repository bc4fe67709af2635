"""Rows of tables: gaps, rows that no answer finds, rows that run the wrong way, rows far off their neighbours."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import Final

from pricing.actuary.lint.subject import Issue, Subject
from pricing.tariff import TableSchema
from shared.products.lines import Place

FAR: Final = 50
"""A figure this many times its neighbour is probably a mistake: a wrong decimal point, or a zero too many. A misplaced
point is 10 or 100 times off; industries do differ by 14 times, and neighbouring rows of a curve by less than 2."""


def check_rows(subject: Subject) -> Iterator[Issue]:
    """What is wrong with single rows."""
    for name, table in subject.schema.tables.items():
        place: Place = ("tables", name)
        if table.kind == "banded":
            yield from _bands(subject, place, table)
        yield from _unnamed_outside(subject, place, table)
        yield from _unreachable(subject, place, table)
        if table.across is None and table.runs is None and subject.direction(table.reads):
            yield "warning", place, "does not say whether it is rising or falling (runs)"
        if name in subject.priced:
            yield from _directions(subject, place, table)
        yield from _outliers(subject, place, table)


def _bands(subject: Subject, place: Place, table: TableSchema) -> Iterator[Issue]:
    starts = [int(start) for (start,), _ in table.rows]
    choices = [choice for choice in subject.questions[table.reads].choices if isinstance(choice, int)]
    below = [choice for choice in choices if choice < starts[0]]
    if below:
        yield "error", (*place, "banded"), f"no band for {', '.join(map(str, below))} of {table.reads}"
    if not choices:
        return
    reached = {bisect_right(starts, choice) - 1 for choice in choices}
    for number, start in enumerate(starts):
        band = (*place, "banded", start)
        if start > max(choices):
            yield "error", band, f"starts above every answer to {table.reads}"
        elif number not in reached:
            yield "error", band, f"no answer to {table.reads} falls into this band"


def _unnamed_outside(subject: Subject, place: Place, table: TableSchema) -> Iterator[Issue]:
    if subject.questions[table.reads].kind == "thousand_yen" and table.outside == "unknown-choice":
        yield "warning", place, "a number may lie outside: say so in a sentence of its own (outside)"


def _unreachable(subject: Subject, place: Place, table: TableSchema) -> Iterator[Issue]:
    """Rows whose answers a rule always refers or exchanges before the table is read."""
    if table.kind not in ("exact", "crossed"):
        return
    for row, _ in table.rows:
        answers = dict(zip(table.keys, row, strict=True))
        for code, rule in (*subject.schema.rules.items(), *subject.schema.unavailable.items()):
            if rule.when.keys() <= answers.keys() and all(answers[key] in listed for key, listed in rule.when.items()):
                yield "error", (*place, table.kind, *row), f"never read: {code} always takes it before"


def _directions(subject: Subject, place: Place, table: TableSchema) -> Iterator[Issue]:
    """A dearer answer must not cost less, whether or not the table declares if it rises or falls."""
    runs = subject.direction(table.reads)
    if runs and table.runs and table.runs != runs:
        yield "error", (*place, "runs"), f"{table.reads} must be {runs}"
    for position, key in enumerate(table.keys):
        runs = subject.direction(key)
        if runs is None:
            continue
        for rows in _rows_in_order(table, position):
            for (_, before), (row, after) in pairwise(rows):
                if (after < before) if runs == "rising" else (after > before):
                    yield "error", (*place, table.kind, *row), f"{after} after {before}: {key} must be {runs}"


Row = tuple[tuple[str | int, ...], Decimal]


def _rows_in_order(table: TableSchema, position: int) -> Iterator[Sequence[Row]]:
    """The rows in the order of the answer at *position*, for each answer to the other question."""
    others = {_without(row, position) for row, _ in table.rows}
    for other in sorted(others, key=str):
        yield sorted(
            ((row, figure) for row, figure in table.rows if _without(row, position) == other),
            key=lambda entry: entry[0][position],
        )


def _without(row: tuple[str | int, ...], position: int) -> tuple[str | int, ...]:
    return (*row[:position], *row[position + 1 :])


def _outliers(subject: Subject, place: Place, table: TableSchema) -> Iterator[Issue]:
    """Figures far off their neighbours. Zero is intended: there is nothing to pay where a cover is not taken."""
    counted = [(row, figure) for row, figure in table.rows if figure]
    if table.across is None and subject.direction(table.reads):
        reported = False
        for (left, before), (row, figure) in pairwise(counted):
            # One mistake is reported once: the row after it is as far off.
            reported = not reported and _is_far(figure, before)
            if reported:
                message = f"{figure} is more than {FAR} times off {before} at {left[0]}"
                yield "error", (*place, table.kind, *row), message
        return
    for number, (row, figure) in enumerate(counted):
        others = [other for index, (_, other) in enumerate(counted) if index != number]
        if others and _is_far(figure, median(others)):
            yield "error", (*place, table.kind, *row), f"{figure} is more than {FAR} times off the other rows"


def _is_far(figure: Decimal, other: Decimal) -> bool:
    return figure > FAR * other or other > FAR * figure
