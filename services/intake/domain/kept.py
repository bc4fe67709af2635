"""What is kept of typed text: it comes back to be corrected, but not more of it than a person can use.

This decides how large a draft becomes (`usecases/save_draft.py`), so it counts in bytes as they are stored.
"""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Final

from services.intake.domain.answers import read
from services.intake.domain.draft import Typed
from shared.answers.messages import DEFAULT_LENGTH
from shared.answers.normalise import LOOSE
from shared.answers.reading import Problem
from shared.answers.typed_amount import LONGEST
from shared.products import Question

_BYTES: Final = 3
"""For each character of a text: most of Japanese is written with so many."""
_MOST_BYTES: Final = 6
"""JSON writes a control character like this: `\\u0001`."""
_OF_NO_CHOICE: Final = 8
"""Characters of what is no choice: no person has typed it, and it only has to stay wrong."""


def kept(questions: Iterable[Question], posted: Typed) -> Typed:
    """The answers to *questions* in *posted*: texts up to four times their longest, and of choices what is one.

    What could not be accepted still cannot: the beginning of a wrong choice is kept, and of several answers where there
    can be one, the last and that there was another.
    """
    return {question.key: _kept(question, posted[question.key]) for question in questions if question.key in posted}


def _kept(question: Question, sent: str | list[str]) -> str | list[str]:
    keep = _choice if question.choices else _text
    if isinstance(sent, str):
        return keep(question, sent)
    answers = list(dict.fromkeys(keep(question, text) for text in sent))
    if question.kind == "multi":
        wrong = [answer for answer in answers if answer not in question.values]
        return [answer for answer in answers if answer in question.values] + wrong[:2]
    # The page shows the last of them in its field.
    last = next(filter(None, reversed(answers)), "")
    return ["", last] if len(answers) > 1 else [last]


def _choice(question: Question, sent: str) -> str:
    if sent in question.values:
        return sent
    match read(question, sent):
        case Problem():
            return sent if len(sent) <= _OF_NO_CHOICE else sent[:_OF_NO_CHOICE] + "…"
        case None:
            return ""
        case [choice]:
            return choice
        case choice:
            return str(choice)


def _text(question: Question, typed: str) -> str:
    longest = LONGEST if question.kind == "thousand_yen" else question.max_length or DEFAULT_LENGTH
    most = longest * LOOSE
    if len(typed) * _MOST_BYTES <= most * _BYTES:
        return typed
    whole = typed if len(typed) <= most else typed.strip()
    cut = _beginning(whole[:most], most * _BYTES)
    if cut == whole or isinstance(read(question, cut), Problem):
        return cut
    # Cut within blanks that are tidied away, it would be an answer that nobody has given.
    return cut[:longest] + "…" * longest


def _beginning(text: str, most_bytes: int) -> str:
    return text[: bisect_right(list(accumulate(map(_stored_bytes, text))), most_bytes)]


def _stored_bytes(char: str) -> int:
    """How many bytes a draft has for *char*, at most."""
    if char < " ":
        return 2 if char in "\t\n\r" else _MOST_BYTES
    return 4 if char > "\uffff" else _BYTES
