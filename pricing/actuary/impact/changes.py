"""The requests whose premium changes: how much they move in all, and which of them move most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pricing.actuary.impact.batch.arrays import BoolArray, IntArray, exact_sum
from pricing.actuary.impact.batch.tariff import REFERRED
from pricing.actuary.impact.rerate import Rerated
from pricing.actuary.impact.segments import Segments
from pricing.actuary.impact.shares import shares_of
from pricing.tariff.tables import nearest

LARGEST: Final = 20
"""This many requests with the largest falls are listed, and as many with the largest rises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Those who pay less, or those who pay more: by how many 円, and by which share."""

    count: int
    mean_yen: int
    median_yen: int
    largest_yen: int
    mean_share: int
    median_share: int
    largest_share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRequest:
    """One of the requests that move most, identified by its place in the book and its segments."""

    place: int
    segments: tuple[str, ...]
    before: int
    after: int
    change: int
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The changes of the requests that both tariffs price, in 円 and as shares; `rows` are their rows in the book."""

    book: Rerated
    rows: npt.NDArray[np.intp]
    yen: IntArray
    share: IntArray

    @classmethod
    def of(cls, book: Rerated) -> "Changes":
        """Premiums of 0円 are left out: a change cannot be a share of nothing."""
        priced = (book.before != REFERRED) & (book.after != REFERRED)
        rows = np.flatnonzero(priced & (book.before > 0))
        before = book.before[rows]
        yen = book.after[rows] - before
        return cls(book=book, rows=rows, yen=yen, share=shares_of(yen, before))

    @property
    def before(self) -> IntArray:
        """The premiums before the change, in 円, one for each of `rows`."""
        return self.book.before[self.rows]

    def falls(self) -> Movement | None:
        """Those who pay less; None where nobody does."""
        return _movement(self.yen[self.yen < 0], self.share[self.yen < 0])

    def rises(self) -> Movement | None:
        """Those who pay more; None where nobody does."""
        return _movement(self.yen[self.yen > 0], self.share[self.yen > 0])

    def largest_falls(self, segments: Mapping[str, Segments], places: Sequence[int] | None) -> list[ChangedRequest]:
        """By share, then by 円. *places* are the requests' places in a file; without, they are numbered from 1."""
        return self._requests(np.lexsort((self.yen, self.share)), self.yen < 0, segments, places)

    def largest_rises(self, segments: Mapping[str, Segments], places: Sequence[int] | None) -> list[ChangedRequest]:
        """See `largest_falls`."""
        return self._requests(np.lexsort((-self.yen, -self.share)), self.yen > 0, segments, places)

    def _requests(
        self,
        order: npt.NDArray[np.intp],
        wanted: BoolArray,
        segments: Mapping[str, Segments],
        places: Sequence[int] | None,
    ) -> list[ChangedRequest]:
        requests = []
        for index in order[wanted[order]][:LARGEST].tolist():
            row = int(self.rows[index])
            requests.append(
                ChangedRequest(
                    place=row + 1 if places is None else places[row],
                    segments=tuple(names.name_at(row) for names in segments.values()),
                    before=int(self.book.before[row]),
                    after=int(self.book.after[row]),
                    change=int(self.yen[index]),
                    share=int(self.share[index]),
                )
            )
        return requests


def _movement(yen: IntArray, share: IntArray) -> Movement | None:
    if not len(yen):
        return None
    # All have one sign, so the largest is the one farthest from zero.
    largest, largest_share = int(np.abs(yen).argmax()), int(np.abs(share).argmax())
    return Movement(
        count=len(yen),
        mean_yen=nearest(exact_sum(yen), len(yen)),
        median_yen=_median(yen),
        largest_yen=int(yen[largest]),
        mean_share=nearest(exact_sum(share), len(share)),
        median_share=_median(share),
        largest_share=int(share[largest_share]),
    )


def _median(numbers: IntArray) -> int:
    middle = (len(numbers) - 1) // 2, len(numbers) // 2
    ordered = np.partition(numbers, middle)
    return nearest(int(ordered[middle[0]]) + int(ordered[middle[1]]), 2)
