"""Tables that say they follow a power: every row to the last digit, and the straight lines between the rows."""

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import pairwise
from typing import Final

from pricing.actuary.lint.finding import Noted, Subject
from pricing.tariff import TableSchema
from pricing.tariff.figures import DECIMALS
from pricing.tariff.schema import FollowsSchema
from shared.products.lines import Place

LONG: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
NEAR: Final = Decimal("1e-30")
"""So near to a half the digits of `LONG` do not decide any more, and whole numbers must."""

ENOUGH: Final = 4
"""So many rows on one power are no chance."""
SHORT: Final = Decimal("0.0001")

Rows = list[tuple[int, Decimal]]


def curves(subject: Subject) -> Iterator[Noted]:
    """What is wrong with the tables that follow a power, and with curves that follow nothing."""
    for name, table in subject.sheet.tables.items():
        place: Place = ("tables", name)
        follows = table.follows
        if table.across is not None or subject.direction(table.reads) is None:
            if follows is not None:
                yield "error", (*place, "follows"), f"only amounts and turnovers can follow a power, not {table.reads}"
            continue
        rows = [(int(row[0]), figure) for row, figure in table.rows]
        if follows is None:
            yield from _unsaid(place, table, rows)
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


def _unsaid(place: Place, table: TableSchema, rows: Rows) -> Iterator[Noted]:
    if table.kind == "interpolated":
        yield "warning", place, "a curve that follows nothing: nobody can tell a point that is missing"
        return
    found = _followed(rows)
    if found is not None:
        yield (
            "warning",
            place,
            f"all figures are (x / {found.one_at}) ^ {found.power}: say so, and it stays so (follows)",
        )


def _followed(rows: Rows) -> FollowsSchema | None:
    """The power of few digits that all *rows* follow, if there is one."""
    one = next((x for x, figure in rows if figure == 1), 0)
    end, last = rows[-1]
    if len(rows) < ENOUGH or min(one, *(x for x, _ in rows)) <= 0 or end == one or last <= 0:
        return None
    power = LONG.divide(LONG.ln(last), LONG.ln(LONG.divide(Decimal(end), Decimal(one)))).quantize(SHORT)
    if power <= 0:
        return None
    follows = FollowsSchema.model_validate({"power": str(power), "one_at": one, "from": rows[0][0], "to": end})
    return follows if all(figure == power_of(x, follows) for x, figure in rows) else None


def _ends(place: Place, rows: Rows, follows: FollowsSchema) -> Iterator[Noted]:
    for word, said, found in (("from", follows.start, rows[0][0]), ("to", follows.end, rows[-1][0])):
        if said != found:
            yield "error", (*place, "follows", word), f"said to run {word} {said}, but the rows run {word} {found}"


def _figures(place: Place, rows: Rows, follows: FollowsSchema) -> Iterator[Noted]:
    for x, figure in rows:
        due = power_of(x, follows)
        if figure != due:
            yield "error", (*place, x), f"{figure}, where ({x} / {follows.one_at}) ^ {follows.power} is {due}"


def _between(place: Place, table: TableSchema, rows: Rows, follows: FollowsSchema) -> Iterator[Noted]:
    if follows.within is None:
        yield "warning", (*place, "follows"), "nothing holds the straight lines to the curve: say within"
        return
    for left, right in pairwise(rows):
        off = _furthest(left, right, follows)
        if off > follows.within:
            share = off.quantize(Decimal("0.000001"))
            yield (
                "error",
                (*place, table.kind, right[0]),
                f"the line from {left[0]} lies {share} off the curve, more than {follows.within}",
            )


def power_of(x: int, follows: FollowsSchema) -> Decimal:
    """(x / one_at) ^ power, rounded half up to the decimals of a tariff: never a digit off, even at a half."""
    scaled = LONG.scaleb(_power(Decimal(x), follows), DECIMALS)
    whole = int(scaled)
    rest = LONG.subtract(scaled, Decimal(whole))
    half = Decimal("0.5")
    up = _at_least_half(x, whole, follows) if abs(rest - half) < NEAR else rest > half
    return Decimal(whole + up).scaleb(-DECIMALS)


def _at_least_half(x: int, whole: int, follows: FollowsSchema) -> bool:
    """Whether the power is *whole* and a half, or more, in the last decimal: in whole numbers alone."""
    above, below = follows.power.as_integer_ratio()
    unit = 2 * 10**DECIMALS
    return bool(x**above * unit**below >= (2 * whole + 1) ** below * follows.one_at**above)


def _power(x: Decimal, follows: FollowsSchema) -> Decimal:
    return LONG.power(LONG.divide(x, Decimal(follows.one_at)), follows.power)


def _furthest(left: tuple[int, Decimal], right: tuple[int, Decimal], follows: FollowsSchema) -> Decimal:
    """How far the line between two rows lies from the curve where it is furthest, as a share of the curve."""
    (x0, y0), (x1, y1) = left, right
    slope = LONG.divide(y1 - y0, Decimal(x1 - x0))
    start = LONG.subtract(y0, LONG.multiply(slope, Decimal(x0)))
    bend = LONG.multiply(slope, 1 - follows.power)
    # The share (start + slope x) / x^power stands still where start x power = slope x (1 - power) x.
    still = LONG.divide(LONG.multiply(start, follows.power), bend) if bend else Decimal(x0)
    places = [Decimal(x0), Decimal(x1), *([still] if x0 < still < x1 else [])]
    return max(abs(_share(start, slope, x, follows)) for x in places)


def _share(start: Decimal, slope: Decimal, x: Decimal, follows: FollowsSchema) -> Decimal:
    line = LONG.add(start, LONG.multiply(slope, x))
    return LONG.subtract(LONG.divide(line, _power(x, follows)), 1)
