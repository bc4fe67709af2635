"""What two columns of premiums say: who pays more, who less, who is newly asked for a person, and by how much.

Whole numbers throughout: a share is in hundredths of a per cent, and a class of the histogram is decided by comparing
products, so that 5 % is 5 % and never 4.9999….
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from pricing.actuary.impact.batch import REFERRED
from pricing.actuary.impact.columns import NUMBER_UNKNOWN, Column
from pricing.actuary.impact.limbs import Flags, Ints
from pricing.actuary.impact.lookups import nearest
from pricing.actuary.impact.rerate import Rerated
from pricing.tariff import Asked
from pricing.tariff.tables import MILLION

LARGEST: Final = 20
EDGES: Final = (1, 2, 5, 10, 20, 30, 50)
"""In per cent, up and down alike: a class runs from its smaller edge up to, but without, its larger one."""
TURNOVER: Final = (10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000, 10_000_000, 100_000_000)
"""Where turnover bands begin, in 千円."""
TURNOVER_NAMES: Final = (
    "1,000万円未満",
    "1,000万円以上5,000万円未満",
    "5,000万円以上1億円未満",
    "1億円以上5億円未満",
    "5億円以上10億円未満",
    "10億円以上50億円未満",
    "50億円以上100億円未満",
    "100億円以上1,000億円未満",
    "1,000億円以上",
)
NO_ANSWER: Final = "回答なし・選択肢外"
PER_WHOLE: Final = 10_000
"""Hundredths of a per cent."""


@dataclass(frozen=True, slots=True)
class Class:
    """One class of the histogram."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Movement:
    """Those who pay less, or those who pay more: by how many 円 and hundredths of a per cent."""

    count: int
    mean_yen: int
    median_yen: int
    largest_yen: int
    mean_share: int
    median_share: int
    largest_share: int


@dataclass(frozen=True, slots=True)
class Case:
    """One request among those that move most, told by its place in the book and its segments."""

    place: int
    segments: tuple[str, ...]
    before: int
    after: int
    change: int
    share: int


@dataclass(frozen=True, slots=True)
class Group:
    """A book or one segment of it. Totals and shares are of those who are offered a premium by both tariffs."""

    name: str
    rows: int
    priced: int
    newly_referred: int
    no_longer_referred: int
    referred: int
    lower: int
    same: int
    higher: int
    before: int
    after: int
    share: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """All that a report says."""

    whole: Group
    all_before: int
    all_after: int
    free_before: int
    histogram: tuple[Class, ...]
    lower: Movement | None
    higher: Movement | None
    most_lower: tuple[Case, ...]
    most_higher: tuple[Case, ...]
    segment_names: tuple[str, ...]
    by_segment: tuple[tuple[str, tuple[Group, ...]], ...]


def figures_of(book: Rerated, questions: Mapping[str, Asked], places: Sequence[int] | None = None) -> Figures:
    """The figures of *book*. *places* are its requests' places in a file, otherwise they are numbered from 1."""
    before, after = book.before, book.after
    both = (before != REFERRED) & (after != REFERRED)
    # A premium of nothing cannot rise by a share of it.
    measured = np.flatnonzero(both & (before > 0))
    change = after[measured] - before[measured]
    share = nearest(change * PER_WHOLE, before[measured])
    segments = {key: named(questions[key], column) for key, column in book.segments.items()}
    told = _Told(book, segments, measured, change, share, places)
    down, up = change < 0, change > 0
    return Figures(
        whole=_group("全体", book, np.ones(book.rows, dtype=np.bool_)),
        all_before=total(before[before != REFERRED]),
        all_after=total(after[after != REFERRED]),
        free_before=int((both & (before == 0)).sum()),
        histogram=tuple(histogram(before[measured], change)),
        lower=_movement(change[down], share[down]),
        higher=_movement(change[up], share[up]),
        most_lower=told.most(np.lexsort((change, share)), down),
        most_higher=told.most(np.lexsort((-change, -share)), up),
        segment_names=tuple(questions[key].name for key in segments),
        by_segment=tuple(
            (questions[key].name, tuple(_groups(book, *segments[key])))
            for key in ("industry", "turnover")
            if key in segments
        ),
    )


def histogram(before: Ints, change: Ints) -> Iterator[Class]:
    """How many premiums change by how much, from the largest fall to the largest rise."""
    size = np.abs(change)
    at = np.zeros(len(change), dtype=np.int64)
    for edge in EDGES:
        at += 100 * size >= edge * before
    spans = [f"{EDGES[0]}%未満", *(f"{a}%以上{b}%未満" for a, b in pairwise(EDGES))]
    spans.append(f"{EDGES[-1]}%以上")
    falls = np.bincount(at[change < 0], minlength=len(spans))
    rises = np.bincount(at[change > 0], minlength=len(spans))
    for place in reversed(range(len(spans))):
        yield Class(f"{spans[place]}の値下がり", int(falls[place]))
    yield Class("変わらない", int((change == 0).sum()))
    for place, span in enumerate(spans):
        yield Class(f"{span}の値上がり", int(rises[place]))


def total(amounts: Ints) -> int:
    """The exact sum, whatever its size."""
    return int((amounts // MILLION).sum()) * MILLION + int((amounts % MILLION).sum())


@dataclass(frozen=True, slots=True)
class _Told:
    book: Rerated
    segments: Mapping[str, tuple[tuple[str, ...], Ints]]
    rows: npt.NDArray[np.intp]
    change: Ints
    share: Ints
    places: Sequence[int] | None

    def most(self, order: npt.NDArray[np.intp], wanted: Flags) -> tuple[Case, ...]:
        """The first of *order* that are *wanted*."""
        return tuple(self._case(int(at)) for at in order[wanted[order]][:LARGEST])

    def _case(self, at: int) -> Case:
        row = int(self.rows[at])
        return Case(
            place=row + 1 if self.places is None else self.places[row],
            segments=tuple(names[codes[row]] for names, codes in self.segments.values()),
            before=int(self.book.before[row]),
            after=int(self.book.after[row]),
            change=int(self.change[at]),
            share=int(self.share[at]),
        )


def share_of(change: int, before: int) -> int | None:
    """*change* as a share of *before*, in hundredths of a per cent, half up; none of nothing."""
    return _nearest(change * PER_WHOLE, before) if before else None


def named(question: Asked, column: Column) -> tuple[tuple[str, ...], Ints]:
    """The segments' names, and each request's place among them."""
    if question.kind == "thousand_yen":
        none = len(TURNOVER_NAMES)
        bands = np.searchsorted(TURNOVER, column, side="right")
        return (*TURNOVER_NAMES, NO_ANSWER), np.where(column <= NUMBER_UNKNOWN, none, bands).astype(np.int64)
    none = len(question.choices)
    return (*question.choices.values(), NO_ANSWER), np.minimum(column, none).astype(np.int64)


def _groups(book: Rerated, names: Sequence[str], codes: Ints) -> Iterator[Group]:
    for place, name in enumerate(names):
        rows = codes == place
        if rows.any():
            yield _group(name, book, rows)


def _group(name: str, book: Rerated, rows: Flags) -> Group:
    before, after = book.before[rows], book.after[rows]
    was, now = before == REFERRED, after == REFERRED
    both = ~(was | now)
    change = after[both] - before[both]
    total_before, total_after = total(before[both]), total(after[both])
    return Group(
        name=name,
        rows=len(before),
        priced=int(both.sum()),
        newly_referred=int((~was & now).sum()),
        no_longer_referred=int((was & ~now).sum()),
        referred=int((was & now).sum()),
        lower=int((change < 0).sum()),
        same=int((change == 0).sum()),
        higher=int((change > 0).sum()),
        before=total_before,
        after=total_after,
        share=share_of(total_after - total_before, total_before),
    )


def _movement(change: Ints, share: Ints) -> Movement | None:
    if not len(change):
        return None
    # Each direction's own largest is the one farthest from nought.
    at, at_share = int(np.abs(change).argmax()), int(np.abs(share).argmax())
    return Movement(
        count=len(change),
        mean_yen=_nearest(total(change), len(change)),
        median_yen=_median(change),
        largest_yen=int(change[at]),
        mean_share=_nearest(total(share), len(share)),
        median_share=_median(share),
        largest_share=int(share[at_share]),
    )


def _median(figures: Ints) -> int:
    middle = (len(figures) - 1) // 2, len(figures) // 2
    ordered = np.partition(figures, middle)
    return _nearest(int(ordered[middle[0]]) + int(ordered[middle[1]]), 2)


def _nearest(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
