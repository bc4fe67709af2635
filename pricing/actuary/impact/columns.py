"""A book of requests as columns: one array a question, one place a request.

A choice is its place in the form's list, ticks are the bits of a whole number, a number is itself. Two more codes
say that there is no answer, or one that the form does not offer; either way a person is asked.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pricing.actuary.impact.limbs import Ints
from pricing.tariff import Asked, Tariff
from shared.errors import Invalid

Column = npt.NDArray[np.int64] | npt.NDArray[np.int16]
Columns = Mapping[str, Column]

NUMBER_MISSING: Final = -(2**62)
NUMBER_UNKNOWN: Final = NUMBER_MISSING + 1
NUMBER_MOST: Final = 2**61
TICKS_MISSING: Final = -1
TICKS_UNKNOWN: Final = -2
MOST_TICKS: Final = 60
MOST_CHOICES: Final = 30_000


def questions_of(tariffs: Sequence[Tariff]) -> dict[str, Asked]:
    """Every question that one of *tariffs* reads. Raises `Invalid` for one that no column can hold."""
    found = {key: question for tariff in tariffs for key, question in tariff.questions.items()}
    for key, question in found.items():
        if len(question.choices) > (MOST_TICKS if question.kind == "multi" else MOST_CHOICES):
            raise Invalid(f"{key} は選択肢が多すぎるため、一括計算できません。")
    return found


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
    """*codes* in the width that *question* takes."""
    if question.kind in ("thousand_yen", "multi"):
        return np.asarray(codes, dtype=np.int64)
    return np.asarray(codes, dtype=np.int16)


def code_of(answer: object, question: Asked) -> int:
    """The code of what one customer answered."""
    if answer is None or answer in ("", []):
        return missing(question)
    read = question.read(answer)
    if read is None:
        return unknown(question)
    choices = list(question.choices)
    if isinstance(read, list):
        return sum(1 << choices.index(one) for one in read)
    if question.kind == "thousand_yen" and isinstance(read, int):
        # A number beyond what a column holds is beyond every table too.
        return min(max(read, -NUMBER_MOST), NUMBER_MOST)
    return choices.index(read)


def ticked(masks: Ints, place: int) -> Ints:
    """1 where the choice in that place is ticked, else 0."""
    return (masks >> place) & 1


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
        return [choice for place, choice in enumerate(choices) if code >> place & 1]
    return choices[code]
