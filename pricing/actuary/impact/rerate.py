"""The same book under two tariffs: made up and rated in columns, or read from a file and rated one by one.

One process is enough: a million requests under both tariffs take a few seconds, and a second process saves less
than a second of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from pricing.actuary.impact.batch import REFERRED, Batch
from pricing.actuary.impact.columns import Column, answers_at, code_of, column_of, questions_of
from pricing.actuary.impact.limbs import Ints
from pricing.actuary.impact.synthetic import synthetic_book
from pricing.engine.price import premium_of
from pricing.tariff import Tariff

CHUNK: Final = 25_000
"""Rows made and rated at a time. A book is made chunk by chunk, so another figure is another book."""
SAMPLE: Final = 10_000
SEGMENTS: Final[tuple[str, ...]] = ("industry", "turnover", "plan")
"""What a request is told apart by in a report: nothing of it names anybody."""

Pair = tuple[Tariff, Tariff]
Done = Callable[[int], object]
"""Told how many rows more are rated."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A request that the columns and the engine that prices customers do not agree on: a bug, whichever is right."""

    row: int
    tariff: str
    in_columns: int
    by_engine: int
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rerated:
    """A book's premiums under both tariffs in 円, `REFERRED` where a person must answer."""

    before: Ints
    after: Ints
    segments: Mapping[str, Column]
    checked: int = 0
    differences: tuple[Difference, ...] = ()

    @property
    def rows(self) -> int:
        """How many requests."""
        return len(self.before)


def rerate_synthetic(batches: tuple[Batch, Batch], rows: int, seed: int, done: Done) -> Rerated:
    """*rows* made-up requests, and a sample of them again by the engine."""
    chance = np.random.Generator(np.random.PCG64([seed]))
    sample = np.sort(chance.choice(rows, min(rows, SAMPLE), replace=False))
    chunks = []
    for start in range(0, rows, CHUNK):
        end = min(rows, start + CHUNK)
        first, last = np.searchsorted(sample, [start, end])
        chunks.append(_chunk(batches, seed, range(start, end), sample[first:last].tolist()))
        done(end - start)
    return _joined(chunks)


def rerate_requests(tariffs: Pair, requests: Sequence[Mapping[str, Any]], done: Done) -> Rerated:
    """Every one of *requests* by the engine that prices customers."""
    questions = questions_of(tariffs)
    before, after = [], []
    for answers in requests:
        before.append(_by_engine(answers, tariffs[0]))
        after.append(_by_engine(answers, tariffs[1]))
        done(1)
    segments = {
        key: column_of(questions[key], [code_of(answers.get(key), questions[key]) for answers in requests])
        for key in SEGMENTS
        if key in questions
    }
    return Rerated(np.array(before, dtype=np.int64), np.array(after, dtype=np.int64), segments)


def _chunk(batches: Sequence[Batch], seed: int, rows: range, sample: Sequence[int]) -> Rerated:
    tariffs = [batch.tariff for batch in batches]
    columns = synthetic_book(len(rows), tariffs, (seed, rows.start))
    questions = questions_of(tariffs)
    before, after = (batch.premiums(columns) for batch in batches)
    differences = []
    for row in sample:
        answers = answers_at(row - rows.start, columns, questions)
        for tariff, premiums in zip(tariffs, (before, after), strict=True):
            in_columns, by_engine = int(premiums[row - rows.start]), _by_engine(answers, tariff)
            if in_columns != by_engine:
                differences.append(Difference(row, tariff.id, in_columns, by_engine, answers))
    segments = {key: columns[key] for key in SEGMENTS if key in columns}
    return Rerated(before, after, segments, len(sample), tuple(differences))


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
