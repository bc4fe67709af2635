"""What two columns of premiums mean: who pays more, who less, who is newly referred, and by how much.

Whole numbers throughout; every share is in hundredths of a per cent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pricing.actuary.impact.batch.arrays import exact_sum
from pricing.actuary.impact.batch.tariff import REFERRED
from pricing.actuary.impact.changes import ChangedRequest, Changes, Movement
from pricing.actuary.impact.groups import Group, group_of, groups_by_segment
from pricing.actuary.impact.histogram import HistogramClass, histogram
from pricing.actuary.impact.rerate import Rerated
from pricing.actuary.impact.segments import segments_of
from pricing.tariff import Asked

GROUPED_BY: Final = ("industry", "turnover")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All figures of a report."""

    whole: Group
    all_before: int
    all_after: int
    free_before: int
    histogram: tuple[HistogramClass, ...]
    lower: Movement | None
    higher: Movement | None
    most_lower: tuple[ChangedRequest, ...]
    most_higher: tuple[ChangedRequest, ...]
    segment_names: tuple[str, ...]
    by_segment: tuple[tuple[str, tuple[Group, ...]], ...]


def summarize(book: Rerated, questions: Mapping[str, Asked], places: Sequence[int] | None = None) -> Summary:
    """The figures of *book*. *places* are its requests' places in a file; without, they are numbered from 1."""
    before, after = book.before, book.after
    changes = Changes.of(book)
    segments = segments_of(book.segments, questions)
    return Summary(
        whole=group_of("全体", book, np.ones(book.rows, dtype=np.bool_)),
        all_before=exact_sum(before[before != REFERRED]),
        all_after=exact_sum(after[after != REFERRED]),
        free_before=int(((before == 0) & (after != REFERRED)).sum()),
        histogram=tuple(histogram(changes.before, changes.yen)),
        lower=changes.falls(),
        higher=changes.rises(),
        most_lower=tuple(changes.largest_falls(segments, places)),
        most_higher=tuple(changes.largest_rises(segments, places)),
        segment_names=tuple(questions[key].name for key in segments),
        by_segment=tuple(
            (questions[key].name, tuple(groups_by_segment(book, segments[key])))
            for key in GROUPED_BY
            if key in segments
        ),
    )
