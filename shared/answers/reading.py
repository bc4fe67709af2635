"""One answer, from what was sent to what is stored: a value of the question's kind, or why it cannot be one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shared.answers import normalise
from shared.answers.messages import DEFAULT_LENGTH, message, odd_amount, unusable_character
from shared.answers.typed_amount import LONGEST, from_words, is_ambiguous, is_decimal, one_width, whole
from shared.answers.visible import unusable, visible
from shared.products import Question

Value = str | int | list[str]
Answers = dict[str, Value]
"""Answers by key, as accepted: text and choices as `str`, figures as `int`, multiple choices as lists."""

_LARGEST: Final = 10**12


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer cannot be taken: `code` for machines, `message` for people."""

    key: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Shape:
    """What a text must be, beside visible: `tidied` returns it as it is kept, or None.

    `code` is for machines, and `says` names the sentence for people, which may know more of what is wrong.
    """

    tidied: Callable[[str], str | None]
    code: str
    says: Callable[[str], str]


Shapes = Mapping[str, Shape]
"""By the kind of question. A kind that has none takes any text."""
NO_SHAPES: Final[Shapes] = MappingProxyType({})


def problem(question: Question, code: str) -> Problem:
    """*code* in words, about *question*."""
    return Problem(question.key, code, message(question, code))


def read(question: Question, sent: object, shapes: Shapes = NO_SHAPES) -> Value | Problem | None:
    """The answer to *question*; None when nothing was answered."""
    if question.kind == "multi":
        return _several(question, sent)
    if isinstance(sent, list):
        # A key that came twice with two answers has none: to take one of them would be to guess.
        # In Python 1 and true are equal.
        if any(value != sent[0] or type(value) is not type(sent[0]) for value in sent):
            return problem(question, "not-a-choice" if question.choices else "contradictory")
        sent = sent[0] if sent else None
    if sent is None or sent == "":
        return None
    if question.kind in {"thousand_yen", "amount"}:
        return _figure(question, sent)
    if not isinstance(sent, str):
        return problem(question, "not-a-choice" if question.choices else "bad-text")
    return _choice(question, sent) if question.choices else _text(question, sent, shapes)


def _text(question: Question, sent: str, shapes: Shapes) -> Value | Problem | None:
    longest = question.max_length or DEFAULT_LENGTH
    # By its length first: what tidies a text may cost more than the text is worth.
    if len(sent) > normalise.LOOSE * longest:
        return problem(question, "too-long")
    lines = question.kind == "long_text"
    text = normalise.soft_lines(sent) if lines else normalise.soft(sent)
    if normalise.is_empty(text):
        return None
    if wrong := unusable(text.replace("\n", "") if lines else text):
        char, name = wrong
        where = message(question, "bad-text") if char not in sent else unusable_character(question, sent, char, name)
        return Problem(question.key, "bad-text", where)
    if len(text) > longest:
        return problem(question, "too-long")
    shape = shapes.get(question.kind)
    if shape is None:
        return text
    return shape.tidied(text) or Problem(question.key, shape.code, message(question, shape.says(text)))


def _choice(question: Question, sent: str) -> Value | Problem | None:
    chosen = sent if sent in question.offered else _tidy(sent)
    if not chosen:
        return None
    if chosen in question.offered:
        return chosen
    return problem(question, "other-version" if question.kind == "consent" else "not-a-choice")


def _tidy(sent: str) -> str:
    """A choice without what nobody sees; a text that is longer than any choice is none, and stays as it is."""
    return visible(sent).strip() if len(sent) <= DEFAULT_LENGTH else sent


def _several(question: Question, sent: object) -> Value | Problem | None:
    if sent is None:
        return None
    values = [sent] if isinstance(sent, str) else sent
    offered = [choice.value for choice in question.choices]
    if not isinstance(values, list):
        return problem(question, "not-a-choice")
    tidied = [_tidy(value) if isinstance(value, str) else value for value in values]
    chosen = [value for value in tidied if value != ""]
    if not chosen:
        return None
    if any(value not in offered for value in chosen):
        return problem(question, "not-a-choice")
    if question.exclusive in chosen and len(set(chosen)) > 1:
        return problem(question, "exclusive")
    return [value for value in offered if value in chosen]


def _figure(question: Question, sent: object) -> Value | Problem | None:
    if isinstance(sent, str):
        if len(sent) > LONGEST:
            return problem(question, "too-large" if sent.isdecimal() else "bad-number")
        typed = one_width(visible(sent))
        if not typed:
            return None
        figure = _typed_figure(typed, question)
        return figure if isinstance(figure, Problem) else _within_bounds(question, figure)
    if isinstance(sent, float):
        return problem(question, "not-an-integer")
    if not isinstance(sent, int) or isinstance(sent, bool) or sent < 0:
        return problem(question, "bad-number")
    return _within_bounds(question, sent)


def _within_bounds(question: Question, figure: int) -> Value | Problem:
    if question.choices and figure not in question.values:
        return problem(question, "not-a-choice")
    return figure if figure <= _LARGEST else problem(question, "too-large")


def _typed_figure(typed: str, question: Question) -> int | Problem:
    figures = whole(typed)
    if figures is not None:
        return int(figures.lstrip("0")[:20] or "0")
    if question.kind == "thousand_yen" and (yen := from_words(typed)) is not None:
        thousands, rest = divmod(yen, 1000)
        return Problem(question.key, "not-an-integer", odd_amount(question, yen)) if rest else int(thousands)
    if is_ambiguous(typed):
        return problem(question, "ambiguous-number")
    return problem(question, "not-an-integer" if is_decimal(typed) else "bad-number")
