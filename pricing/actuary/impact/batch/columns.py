"""A book of requests as columns: one array for each question, one position for each request.

A choice is its position in the form's list, a list of ticks is the bits of a whole number, a number is itself. Two
more codes mean that there is no answer, or one that the form does not offer; either way the request is referred.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pricing.actuary.impact.batch.arrays import IntArray
from pricing.tariff import Asked, Tariff
from shared.errors import Invalid

Column = npt.NDArray[np.int64] | npt.NDArray[np.int16]
Columns = Mapping[str, Column]

NUMBER_MISSING: Final = -(2**62)
NUMBER_UNKNOWN: Final = NUMBER_MISSING + 1
LARGEST_NUMBER: Final = 2**61
TICKS_MISSING: Final = -1
TICKS_UNKNOWN: Final = -2
MOST_TICKS: Final = 60
MOST_CHOICES: Final = 30_000


def questions_of(tariffs: Sequence[Tariff]) -> dict[str, Asked]:
    """Every question that one of *tariffs* reads. Raises `Invalid` for one that no column can hold."""
    questions = {key: question for tariff in tariffs for key, question in tariff.questions.items()}
    for key, question in questions.items():
        if len(question.choices) > (MOST_TICKS if question.kind == "multi" else MOST_CHOICES):
            raise Invalid(f"{key} は選択肢が多すぎるため、一括計算できません。")
    return questions


def missing(question: Asked) -> int:
    """The code of no answer."""
    if question.kind == "thousand_yen":
        return NUMBER_MISSING
    return TICKS_MISSING if question.kind == "multi" else len(question.choices)


def unknown(question: Asked) -> int:
    """The code of an answer that the form does not offer."""
    if question.kind == "thousand_yen":
        return NUMBER_UNKNOWN
    return TICKS_UNKNOWN if question.kind == "multi" else len(question.choices) + 1


def column_of(question: Asked, codes: npt.ArrayLike) -> Column:
    """*codes* in the width that *question* needs."""
    if question.kind in ("thousand_yen", "multi"):
        return np.asarray(codes, dtype=np.int64)
    return np.asarray(codes, dtype=np.int16)


def code_of(answer: object, question: Asked) -> int:
    """The code of what one customer answered."""
    if answer is None or answer in ("", []):
        return missing(question)
    known = question.read(answer)
    if known is None:
        return unknown(question)
    choices = list(question.choices)
    if isinstance(known, list):
        return sum(1 << choices.index(choice) for choice in known)
    if question.kind == "thousand_yen" and isinstance(known, int):
        # A number beyond what a column holds is beyond every table too.
        return min(max(known, -LARGEST_NUMBER), LARGEST_NUMBER)
    return choices.index(known)


def ticked(masks: IntArray, position: int) -> IntArray:
    """1 where the choice at *position* is ticked, else 0."""
    return (masks >> position) & 1


def answers_at(row: int, columns: Columns, questions: Mapping[str, Asked]) -> dict[str, Any]:
    """The request in that row as a customer would have answered it."""
    return {
        key: _answer(int(columns[key][row]), question)
        for key, question in questions.items()
        if columns[key][row] != missing(question)
    }


def _answer(code: int, question: Asked) -> object:
    if code == unknown(question):
        return "?"
    if question.kind == "thousand_yen":
        return code
    choices = list(question.choices)
    if question.kind == "multi":
        return [choice for position, choice in enumerate(choices) if code >> position & 1]
    return choices[code]
