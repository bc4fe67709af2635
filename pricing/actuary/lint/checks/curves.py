"""Tables that declare a power as their curve: every row to the last digit, and the straight lines between the rows."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Final

from pricing.actuary.lint.powers import LONG, distance_from_curve, power_of
from pricing.actuary.lint.subject import Issue, Subject
from pricing.tariff import TableSchema
from pricing.tariff.schema import FollowsSchema
from shared.products.lines import Place

ENOUGH_ROWS: Final = 4
"""This many rows on the same power are no coincidence."""
POWER_STEP: Final = Decimal("0.0001")
"""A power that somebody chose has no more decimals."""

Rows = list[tuple[int, Decimal]]


def check_curves(subject: Subject) -> Iterator[Issue]:
    """What is wrong with the tables that follow a power, and with curves that follow nothing."""
    for name, table in subject.schema.tables.items():
        place: Place = ("tables", name)
        follows = table.follows
        if table.across is not None or subject.direction(table.reads) is None:
            if follows is not None:
                yield "error", (*place, "follows"), f"only amounts and turnovers can follow a power, not {table.reads}"
            continue
        rows = [(int(row[0]), figure) for row, figure in table.rows]
        if follows is None:
            yield from _undeclared(place, table, rows)
            continue
        yield from _ends(place, rows, follows)
        if any(x <= 0 for x, _ in rows):
            yield "error", (*place, "follows"), "no power can be taken of nought"
            continue
        yield from _figures((*place, table.kind), rows, follows)
        if table.kind == "interpolated":
            yield from _between(place, table, rows, follows)
        elif follows.within is not None:
            yield "warning", (*place, "follows", "within"), "there are no straight lines to hold to it"


def _undeclared(place: Place, table: TableSchema, rows: Rows) -> Iterator[Issue]:
    if table.kind == "interpolated":
        yield "warning", place, "a curve that follows nothing: nobody can tell a point that is missing"
        return
    follows = _followed(rows)
    if follows is not None:
        yield (
            "warning",
            place,
            f"all figures are (x / {follows.one_at}) ^ {follows.power}: say so, and it stays so (follows)",
        )


def _followed(rows: Rows) -> FollowsSchema | None:
    """The power of few digits that all *rows* follow, if there is one."""
    one_at = next((x for x, figure in rows if figure == 1), 0)
    end, last = rows[-1]
    if len(rows) < ENOUGH_ROWS or min(one_at, *(x for x, _ in rows)) <= 0 or end == one_at or last <= 0:
        return None
    power = LONG.divide(LONG.ln(last), LONG.ln(LONG.divide(Decimal(end), Decimal(one_at)))).quantize(POWER_STEP)
    if power <= 0:
        return None
    follows = FollowsSchema.model_validate({"power": str(power), "one_at": one_at, "from": rows[0][0], "to": end})
    return follows if all(figure == power_of(x, follows) for x, figure in rows) else None


def _ends(place: Place, rows: Rows, follows: FollowsSchema) -> Iterator[Issue]:
    for word, declared, actual in (("from", follows.start, rows[0][0]), ("to", follows.end, rows[-1][0])):
        if declared != actual:
            message = f"said to run {word} {declared}, but the rows run {word} {actual}"
            yield "error", (*place, "follows", word), message


def _figures(place: Place, rows: Rows, follows: FollowsSchema) -> Iterator[Issue]:
    for x, figure in rows:
        expected = power_of(x, follows)
        if figure != expected:
            yield "error", (*place, x), f"{figure}, where ({x} / {follows.one_at}) ^ {follows.power} is {expected}"


def _between(place: Place, table: TableSchema, rows: Rows, follows: FollowsSchema) -> Iterator[Issue]:
    if follows.within is None:
        yield "warning", (*place, "follows"), "nothing holds the straight lines to the curve: say within"
        return
    for left, right in pairwise(rows):
        distance = distance_from_curve(left, right, follows)
        if distance > follows.within:
            share = distance.quantize(Decimal("0.000001"))
            yield (
                "error",
                (*place, table.kind, right[0]),
                f"the line from {left[0]} lies {share} off the curve, more than {follows.within}",
            )
