"""`pricing.engine.reading` for columns: which answers were asked for, are there, and are choices of the form."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from pricing.actuary.impact.batch.arrays import BoolArray
from pricing.actuary.impact.batch.columns import (
    NUMBER_MISSING,
    NUMBER_UNKNOWN,
    TICKS_MISSING,
    Column,
    Columns,
    missing,
    ticked,
)
from pricing.tariff import Asked


class BatchAnswers:
    """The answers of a book that can be priced, each question worked out when it is first needed."""

    def __init__(self, columns: Columns, questions: Mapping[str, Asked]) -> None:
        self.columns = columns
        self.questions = questions
        self.rows = len(next(iter(columns.values())))
        self._asked: dict[str, BoolArray | None] = {}
        self._known: dict[str, Column] = {}

    def known(self, key: str) -> Column:
        """Codes of the answers that count; where there is none, that of a missing answer."""
        if key not in self._known:
            question, column = self.questions[key], self.columns[key]
            dropped = self._unfit(key)
            asked = self._is_asked(key)
            if asked is not None:
                dropped = dropped | ~asked
            self._known[key] = np.where(dropped, np.asarray(missing(question), column.dtype), column)
        return self._known[key]

    def objections(self, key: str) -> BoolArray:
        """Where the question was asked and its answer cannot be priced."""
        asked = self._is_asked(key)
        return self._unfit(key) if asked is None else self._unfit(key) & asked

    def have(self, key: str, listed: Iterable[str | int]) -> BoolArray:
        """Where the answer is one of those listed, or one of them is ticked."""
        question, known = self.questions[key], self.known(key)
        positions = [position for position, choice in enumerate(question.choices) if choice in listed]
        if question.kind == "multi":
            matches = np.zeros(self.rows, dtype=np.bool_)
            for position in positions:
                matches |= (known >= 0) & (ticked(known.astype(np.int64, copy=False), position) == 1)
            return matches
        if question.kind == "thousand_yen":
            return np.isin(known, [number for number in listed if isinstance(number, int)])
        is_listed = np.zeros(len(question.choices) + 2, dtype=np.bool_)
        is_listed[positions] = True
        return is_listed[known]

    def all_of(self, when: Mapping[str, Iterable[str | int]]) -> BoolArray:
        """Where every question in *when* has one of the answers listed for it."""
        matches = np.ones(self.rows, dtype=np.bool_)
        for key, listed in when.items():
            matches &= self.have(key, listed)
        return matches

    def _is_asked(self, key: str) -> BoolArray | None:
        """None for a question that is always asked."""
        if key not in self._asked:
            when = self.questions[key].when
            self._asked[key] = None if when is None else self._holds(when.data)
        return self._asked[key]

    def _holds(self, data: Mapping[str, Any]) -> BoolArray:
        matches = np.ones(self.rows, dtype=np.bool_)
        for key, wanted in data.items():
            match key:
                case "all":
                    for part in wanted:
                        matches &= self._holds(part)
                case "any":
                    matches &= np.logical_or.reduce([self._holds(part) for part in wanted])
                case "not":
                    matches &= ~self._holds(wanted)
                case _:
                    matches &= self.have(key, wanted)
        return matches

    def _unfit(self, key: str) -> BoolArray:
        """Where there is no answer, one that the form does not offer, or one that contradicts itself."""
        question, column = self.questions[key], self.columns[key]
        if question.kind == "thousand_yen":
            return np.isin(column, (NUMBER_MISSING, NUMBER_UNKNOWN))
        if question.kind != "multi":
            beyond: BoolArray = column >= len(question.choices)
            return beyond
        unfit: BoolArray = (column <= TICKS_MISSING) | (column == 0)
        if question.exclusive is not None:
            alone = 1 << list(question.choices).index(question.exclusive)
            unfit |= ((column & alone) != 0) & (column != alone)
        return unfit
