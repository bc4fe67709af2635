"""What is kept of typed text: it comes back to be corrected, but not more of it than a person can use."""

from collections.abc import Iterable

from services.intake.domain.draft import Typed
from services.intake.domain.messages import DEFAULT_LENGTH
from services.intake.domain.normalise import LOOSE
from services.intake.domain.reading import Problem, read
from shared.products import Question


def kept(questions: Iterable[Question], posted: Typed) -> Typed:
    """The answers to *questions* in *posted*: texts up to four times their longest, lists up to all their choices.

    What could not be accepted still cannot: two further values of a list are kept, so that they are seen to be wrong.
    """
    return {question.key: _kept(question, posted[question.key]) for question in questions if question.key in posted}


def _kept(question: Question, sent: str | list[str]) -> str | list[str]:
    if isinstance(sent, str):
        return _text(question, sent)
    return [_text(question, text) for text in list(dict.fromkeys(sent))[: len(question.choices) + 2]]


def _text(question: Question, typed: str) -> str:
    longest = question.max_length or DEFAULT_LENGTH
    if len(typed) <= longest * LOOSE:
        return typed
    cut = typed.strip()[: longest * LOOSE]
    if len(cut) < longest * LOOSE or isinstance(read(question, cut), Problem):
        return cut
    # Cut within blanks that are tidied away, it would be an answer that nobody has given.
    return cut[:longest] + "…" * (longest * (LOOSE - 1))
