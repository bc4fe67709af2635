"""The answers of a request beside their questions, in the form's order, with what the desk must look at."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.products import Form, Question
from shared.yen import spoken_yen, turnover

_UNSURE: Final = "unknown"
_CONFIRMED: Final = "確認画面での回答"
_ELSEWHERE: Final = "現在の様式にない回答"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One question as it was put, and its answer in words. `unsure`: the customer does not know (わからない)."""

    key: str
    number: str
    label: str
    text: str
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """The answers of one section of the form."""

    title: str
    lines: tuple[AnswerLine, ...]


def answered(form: Form | None, answers: Mapping[str, Any]) -> tuple[AnswerSection, ...]:
    """Every answer once. Those that the form (no longer) asks for come last, under their keys: none is hidden."""
    sections = []
    for title, questions in _headed(form) if form else ():
        lines = [_line(question, answers[question.key]) for question in questions if question.key in answers]
        sections.append((title, lines))
    shown = {line.key for _, lines in sections for line in lines}
    left = [
        AnswerLine(key, "", key, _plain(value), value == _UNSURE) for key, value in answers.items() if key not in shown
    ]
    sections.append((_ELSEWHERE, left))
    return tuple(AnswerSection(title, tuple(lines)) for title, lines in sections if lines)


def _headed(form: Form) -> Iterator[tuple[str, tuple[Question, ...]]]:
    for page in form.pages:
        for section in page.sections:
            yield section.title or page.title, section.questions
    yield _CONFIRMED, form.confirm


def choice_label(form: Form | None, key: str, value: str) -> str:
    """The form's words for a choice of the question *key*; the bare value when it has none."""
    questions: Iterable[Question] = form.questions if form else ()
    choices = (choice for question in questions if question.key == key for choice in question.choices)
    return next((choice.label for choice in choices if choice.value == value), value)


def question_label(form: Form | None, key: str) -> str:
    """The form's words for the question *key*; the bare key when it asks no such thing."""
    return next((question.label for question in (form.questions if form else ()) if question.key == key), key)


def _line(question: Question, value: Any) -> AnswerLine:  # noqa: ANN401  # an answer is whatever JSON says
    label = "".join((question.label, *question.parts))
    return AnswerLine(question.key, question.number or "", label, _in_words(question, value), value == _UNSURE)


def _in_words(question: Question, value: Any) -> str:  # noqa: ANN401  # an answer is whatever JSON says
    match question.kind, value:
        case "thousand_yen", int():
            return turnover(value)
        case "amount", int():
            return spoken_yen(value)
        case "consent", str():
            return f"同意済み（{value} 版）"
        case _, [*values]:
            return "、".join(_choice(question, str(one)) for one in values)
        case _:
            return _choice(question, str(value))


def _choice(question: Question, value: str) -> str:
    choice = next((choice for choice in question.choices if choice.value == value), None)
    if choice is None:
        return value
    return f"{choice.label}（{choice.meaning}）" if choice.meaning else choice.label


def _plain(value: Any) -> str:  # noqa: ANN401  # an answer is whatever JSON says
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
