"""Every entry of the shipped tariff left out, one at a time: the loader, a golden case or lint must complain.

`python -m tests.pricing.actuary.mutations` does all of them and prints those that nobody noticed.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from pricing.actuary.golden import check_cases, read_golden_cases
from pricing.actuary.lint import lint_source
from pricing.tariff import parse_tariff
from shared.products import ProductError
from shared.products.lines import Place
from shared.products.source import Source
from tests.pricing.actuary.builders import SHIPPED
from tests.pricing.builders import PRODUCT

GOLDEN: Final = read_golden_cases(SHIPPED.golden_path, PRODUCT.form)
DEARER: Final = Decimal("1.03")
SMALL: Final = frozenset({"says", "neutral", "rules", "unavailable", "offer"})
"""Sections of few entries; in a sample, all of them are tried."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change to the file, at a place in it."""

    what: str
    place: Place
    make: Callable[[Any], None]

    @property
    def name(self) -> str:
        return f"{self.what} {SHIPPED.source.name_of(self.place)}"

    def source(self) -> Source:
        """The shipped tariff with this change in it."""
        data = deepcopy(SHIPPED.source.data)
        self.make(data)
        return replace(SHIPPED.source, data=data)


def noticed_by(mutation: Mutation) -> str | None:
    """Who complains first: the loader, a golden case, lint; None when nobody does."""
    source = mutation.source()
    try:
        tariff = parse_tariff(source, PRODUCT.form)
    except ProductError:
        return "loader"
    if any(outcome.mismatches for outcome in check_cases(GOLDEN, tariff)):
        return "golden"
    return "lint" if any(lint_source(source, PRODUCT.form)) else None


def omissions() -> list[Mutation]:
    """Every key of every mapping and every item of every list, left out."""
    return [Mutation("without", place, _without(place)) for place, _ in _entries(SHIPPED.source.data, ())]


def rises() -> list[Mutation]:
    """Every figure 3 % up; nought stays nought."""
    return [
        Mutation("3 % up", place, _risen(place))
        for place, value in _entries(SHIPPED.source.data, ())
        if _is_figure(value) and Decimal(value) and place != ("tariff",)
    ]


def swaps() -> list[Mutation]:
    """The figures of every two neighbouring rows swapped, where they are not the same."""
    mutations = []
    for place, value in _entries(SHIPPED.source.data, ()):
        rows = value.items() if isinstance(value, dict) else ()
        figures = [(key, figure) for key, figure in rows if _is_figure(figure)]
        for (left, before), (right, after) in pairwise(figures):
            if Decimal(before) != Decimal(after):
                mutations.append(Mutation("swapped with the next", (*place, left), _swapped(place, left, right)))
    return mutations


def sample(mutations: Sequence[Mutation], every: int) -> list[Mutation]:
    """One of *every*, and all of the small sections."""
    return [mutation for index, mutation in enumerate(mutations) if index % every == 0 or mutation.place[0] in SMALL]


def _entries(value: object, place: Place) -> Iterator[tuple[Place, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield (*place, key), child
        yield from _entries(child, (*place, key))


def _is_figure(value: object) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).removeprefix("-").isdigit()


def _at(data: Any, place: Place) -> Any:  # noqa: ANN401  # any value of the file
    for step in place:
        data = data[step]
    return data


def _without(place: Place) -> Callable[[Any], None]:
    def make(data: Any) -> None:  # noqa: ANN401  # as above
        del _at(data, place[:-1])[place[-1]]

    return make


def _risen(place: Place) -> Callable[[Any], None]:
    def make(data: Any) -> None:  # noqa: ANN401  # as above
        figure = Decimal(_at(data, place)) * DEARER
        _at(data, place[:-1])[place[-1]] = f"{round(figure, 6).normalize():f}"

    return make


def _swapped(place: Place, left: str | int, right: str | int) -> Callable[[Any], None]:
    def make(data: Any) -> None:  # noqa: ANN401  # as above
        rows = _at(data, place)
        rows[left], rows[right] = rows[right], rows[left]

    return make


def main() -> int:
    """Print who noticed how many, and every mutation that nobody noticed; 1 when an omission is among them."""
    survivors = {}
    for what, mutations in (("left out", omissions()), ("3 % up", rises()), ("swapped", swaps())):
        noticed = [(mutation, noticed_by(mutation)) for mutation in mutations]
        counts = {who: sum(1 for _, by in noticed if by == who) for who in ("loader", "golden", "lint", None)}
        survivors[what] = [mutation.name for mutation, by in noticed if by is None]
        totals = ", ".join(f"{who or 'nobody'} {count}" for who, count in counts.items())
        sys.stdout.write(f"{what}: {len(mutations)} ({totals})\n")
        sys.stdout.writelines(f"  not noticed: {name}\n" for name in survivors[what])
    return 1 if survivors["left out"] else 0


if __name__ == "__main__":
    sys.exit(main())
