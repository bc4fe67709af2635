"""How many premiums change by how much.

A class is decided by comparing whole-number products, so that 5 % is 5 % and never 4.9999….
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from pricing.actuary.impact.batch.arrays import IntArray

EDGES: Final = (1, 2, 5, 10, 20, 30, 50)
"""In per cent, up and down alike: a class runs from its smaller edge up to, but without, its larger one."""


@dataclass(frozen=True, slots=True)
class HistogramClass:
    """One class of the histogram."""

    label: str
    count: int


def histogram(before: IntArray, change: IntArray) -> Iterator[HistogramClass]:
    """Every class, from the largest fall to the largest rise. *before* and *change* are in 円, one for each request."""
    size = np.abs(change)
    classes = np.zeros(len(change), dtype=np.int64)
    for edge in EDGES:
        classes += 100 * size >= edge * before
    spans = [f"{EDGES[0]}%未満", *(f"{low}%以上{high}%未満" for low, high in pairwise(EDGES)), f"{EDGES[-1]}%以上"]
    falls = np.bincount(classes[change < 0], minlength=len(spans))
    rises = np.bincount(classes[change > 0], minlength=len(spans))
    for span, count in zip(reversed(spans), reversed(falls), strict=True):
        yield HistogramClass(f"{span}の値下がり", int(count))
    yield HistogramClass("変わらない", int((change == 0).sum()))
    for span, count in zip(spans, rises, strict=True):
        yield HistogramClass(f"{span}の値上がり", int(count))
