"""The same book under two tariffs: synthetic and priced in columns, or read from a file and priced one by one.

One process is enough: a million requests under both tariffs take a few seconds, and a second process saves less
than a second of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from pricing.actuary.impact.batch.arrays import IntArray
from pricing.actuary.impact.batch.columns import Column, answers_at, code_of, column_of, questions_of
from pricing.actuary.impact.batch.tariff import REFERRED, BatchTariff
from pricing.actuary.impact.synthetic import synthetic_book
from pricing.engine.price import premium_of
from pricing.tariff import Tariff

CHUNK_ROWS: Final = 25_000
"""Rows made and priced at a time. A book is made chunk by chunk, so another number gives another book."""
SAMPLE_ROWS: Final = 10_000
"""This many rows of a synthetic book are priced by the engine too."""
SEGMENTS: Final[tuple[str, ...]] = ("industry", "turnover", "plan")
"""The answers that a report shows of a request: none of them names anybody."""

TariffPair = tuple[Tariff, Tariff]
Progress = Callable[[int], object]
"""Called with the number of rows that have just been priced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A request that the columns and the engine price differently: a bug, whichever is right."""

    row: int
    tariff: str
    in_columns: int
    by_engine: int
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerated:
    """A book's premiums under both tariffs in 円, `REFERRED` where a person must answer."""

    before: IntArray
    after: IntArray
    segments: Mapping[str, Column]
    checked: int = 0
    differences: tuple[Difference, ...] = ()

    @property
    def rows(self) -> int:
        """How many requests."""
        return len(self.before)


def rerate_synthetic(tariffs: tuple[BatchTariff, BatchTariff], rows: int, seed: int, progress: Progress) -> Rerated:
    """*rows* synthetic requests in columns, and a sample of them again by the engine."""
    chance = np.random.Generator(np.random.PCG64([seed]))
    sample = np.sort(chance.choice(rows, min(rows, SAMPLE_ROWS), replace=False))
    chunks = []
    for start in range(0, rows, CHUNK_ROWS):
        end = min(rows, start + CHUNK_ROWS)
        first, last = np.searchsorted(sample, [start, end])
        chunks.append(_chunk(tariffs, seed, range(start, end), sample[first:last].tolist()))
        progress(end - start)
    return _joined(chunks)


def rerate_requests(tariffs: TariffPair, requests: Sequence[Mapping[str, Any]], progress: Progress) -> Rerated:
    """Every one of *requests* by the engine that prices customers."""
    questions = questions_of(tariffs)
    before, after = [], []
    for answers in requests:
        before.append(_by_engine(answers, tariffs[0]))
        after.append(_by_engine(answers, tariffs[1]))
        progress(1)
    segments = {
        key: column_of(questions[key], [code_of(answers.get(key), questions[key]) for answers in requests])
        for key in SEGMENTS
        if key in questions
    }
    return Rerated(before=np.array(before, dtype=np.int64), after=np.array(after, dtype=np.int64), segments=segments)


def _chunk(batch_tariffs: Sequence[BatchTariff], seed: int, rows: range, sample: Sequence[int]) -> Rerated:
    tariffs = [batch.tariff for batch in batch_tariffs]
    columns = synthetic_book(len(rows), tariffs, (seed, rows.start))
    questions = questions_of(tariffs)
    before, after = (batch.premiums(columns) for batch in batch_tariffs)
    differences = []
    for row in sample:
        answers = answers_at(row - rows.start, columns, questions)
        for tariff, premiums in zip(tariffs, (before, after), strict=True):
            in_columns, by_engine = int(premiums[row - rows.start]), _by_engine(answers, tariff)
            if in_columns != by_engine:
                differences.append(
                    Difference(row=row, tariff=tariff.id, in_columns=in_columns, by_engine=by_engine, answers=answers)
                )
    return Rerated(
        before=before,
        after=after,
        segments={key: columns[key] for key in SEGMENTS if key in columns},
        checked=len(sample),
        differences=tuple(differences),
    )


def _joined(chunks: Sequence[Rerated]) -> Rerated:
    return Rerated(
        before=np.concatenate([chunk.before for chunk in chunks]),
        after=np.concatenate([chunk.after for chunk in chunks]),
        segments={key: np.concatenate([chunk.segments[key] for chunk in chunks]) for key in chunks[0].segments},
        checked=sum(chunk.checked for chunk in chunks),
        differences=tuple(difference for chunk in chunks for difference in chunk.differences),
    )


def _by_engine(answers: Mapping[str, Any], tariff: Tariff) -> int:
    premium = premium_of(answers, tariff)
    return premium if isinstance(premium, int) else REFERRED
