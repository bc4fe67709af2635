"""The segments that a report groups requests by: an answer in words, or a band of turnover."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from pricing.actuary.impact.batch.arrays import IntArray
from pricing.actuary.impact.batch.columns import NUMBER_UNKNOWN, Column
from pricing.tariff import Asked

TURNOVER_STARTS: Final = (10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000, 10_000_000, 100_000_000)
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


@dataclass(frozen=True, slots=True)
class Segments:
    """One question's segments: their names, and for each request its position among them."""

    names: tuple[str, ...]
    positions: IntArray

    def name_at(self, row: int) -> str:
        """The segment of the request in that row."""
        return self.names[int(self.positions[row])]

    def name_of_each(self) -> list[str]:
        """The segment of every request."""
        return [self.names[position] for position in self.positions.tolist()]


def segments_of(columns: Mapping[str, Column], questions: Mapping[str, Asked]) -> dict[str, Segments]:
    """The segments of a book, by question."""
    return {key: _segments(questions[key], column) for key, column in columns.items()}


def _segments(question: Asked, column: Column) -> Segments:
    if question.kind == "thousand_yen":
        no_answer = len(TURNOVER_NAMES)
        bands = np.searchsorted(TURNOVER_STARTS, column, side="right")
        positions = np.where(column <= NUMBER_UNKNOWN, no_answer, bands).astype(np.int64)
        return Segments((*TURNOVER_NAMES, NO_ANSWER), positions)
    positions = np.minimum(column, len(question.choices)).astype(np.int64)
    return Segments((*question.choices.values(), NO_ANSWER), positions)
