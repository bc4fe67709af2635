"""`pricing.engine.reading` for columns: which answers were asked, are there, and are the form's."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from pricing.actuary.impact.columns import (
    NUMBER_MISSING,
    NUMBER_UNKNOWN,
    TICKS_MISSING,
    Column,
    Columns,
    missing,
    ticked,
)
from pricing.actuary.impact.limbs import Flags
from pricing.tariff import Asked
from shared.products.conditions import Condition


class Reading:
    """The answers of a book that can be priced, found when they are first looked at."""

    def __init__(self, columns: Columns, questions: Mapping[str, Asked]) -> None:
        self.columns = columns
        self.questions = questions
        self.rows = len(next(iter(columns.values())))
        self._asked: dict[str, Flags | None] = {}
        self._known: dict[str, Column] = {}

    def known(self, key: str) -> Column:
        """Codes of the answers that count; where there is none, that of a missing answer."""
        if key not in self._known:
            question, column = self.questions[key], self.columns[key]
            out = self._unfit(key)
            asked = self._is_asked(key)
            if asked is not None:
                out = out | ~asked
            self._known[key] = np.where(out, np.asarray(missing(question), column.dtype), column)
        return self._known[key]

    def objections(self, key: str) -> Flags:
        """Where the question was asked and its answer cannot be priced."""
        asked = self._is_asked(key)
        return self._unfit(key) if asked is None else self._unfit(key) & asked

    def have(self, key: str, listed: Iterable[str | int]) -> Flags:
        """Where the answer is one of those listed, or one of them is ticked."""
        question, known = self.questions[key], self.known(key)
        places = [place for place, choice in enumerate(question.choices) if choice in listed]
        if question.kind == "multi":
            found = np.zeros(self.rows, dtype=np.bool_)
            for place in places:
                found |= (known >= 0) & (ticked(known.astype(np.int64, copy=False), place) == 1)
            return found
        if question.kind == "thousand_yen":
            return np.isin(known, [one for one in listed if isinstance(one, int)])
        chosen = np.zeros(len(question.choices) + 2, dtype=np.bool_)
        chosen[places] = True
        return chosen[known]

    def all_of(self, when: Mapping[str, Iterable[str | int]]) -> Flags:
        """Where every question in *when* has one of the answers listed for it."""
        found = np.ones(self.rows, dtype=np.bool_)
        for key, listed in when.items():
            found &= self.have(key, listed)
        return found

    def _is_asked(self, key: str) -> Flags | None:
        """None for a question that is always asked."""
        if key not in self._asked:
            when = self.questions[key].when
            self._asked[key] = None if when is None else self._holds(when)
        return self._asked[key]

    def _holds(self, condition: Condition) -> Flags:
        return self._every(condition.data)

    def _every(self, data: Mapping[str, Any]) -> Flags:
        found = np.ones(self.rows, dtype=np.bool_)
        for key, wanted in data.items():
            match key:
                case "all":
                    for part in wanted:
                        found &= self._every(part)
                case "any":
                    found &= np.logical_or.reduce([self._every(part) for part in wanted])
                case "not":
                    found &= ~self._every(wanted)
                case _:
                    found &= self.have(key, wanted)
        return found

    def _unfit(self, key: str) -> Flags:
        """Where there is no answer, none of the form's, or one that contradicts itself."""
        question, column = self.questions[key], self.columns[key]
        if question.kind == "thousand_yen":
            return np.isin(column, (NUMBER_MISSING, NUMBER_UNKNOWN))
        if question.kind != "multi":
            beyond: Flags = column >= len(question.choices)
            return beyond
        unfit: Flags = (column <= TICKS_MISSING) | (column == 0)
        if question.exclusive is not None:
            alone = 1 << list(question.choices).index(question.exclusive)
            unfit |= ((column & alone) != 0) & (column != alone)
        return unfit
