"""The answers of a request, each with its question, in the order of the form; what the desk must check is marked."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shared.events.parcels import Answer
from shared.products import Form, Question
from shared.yen import spoken_yen, turnover

_UNSURE: Final = "unknown"
_CONFIRMATION: Final = "確認画面での回答"
_NOT_IN_FORM: Final = "様式にない回答"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """One question as it was asked, and its answer in words.

    `typed`: how the answer was typed, where it was tidied. `is_unsure`: the customer does not know (わからない).
    `is_unfavourable`: it makes the cover dearer, or is a reason for a referral.
    """

    key: str
    number: str
    label: str
    text: str
    typed: str = ""
    is_unsure: bool = False
    is_unfavourable: bool = False


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """The answers of one section of the form."""

    title: str
    lines: tuple[AnswerLine, ...]


def answer_sections(
    form: Form | None, answers: Mapping[str, Answer], typed: Mapping[str, str], unfavourable: Collection[str] = ()
) -> tuple[AnswerSection, ...]:
    """Every answer once. Those that *form* does not ask come last, under their keys: none is hidden.

    *unfavourable*: the questions whose answers are marked. Only the tariff knows which.
    """
    sections = []
    for title, questions in _titled_questions(form) if form else ():
        lines = [
            replace(
                _line(question, answers[question.key], typed.get(question.key, "")),
                is_unfavourable=question.key in unfavourable,
            )
            for question in questions
            if question.key in answers
        ]
        sections.append((title, lines))
    in_form = {line.key for _, lines in sections for line in lines}
    others = [
        AnswerLine(
            key=key, number="", label=key, text=_plain(value), typed=typed.get(key, ""), is_unsure=value == _UNSURE
        )
        for key, value in answers.items()
        if key not in in_form
    ]
    sections.append((_NOT_IN_FORM, others))
    return tuple(_told_apart([AnswerSection(title, tuple(lines)) for title, lines in sections if lines]))


def _told_apart(sections: Sequence[AnswerSection]) -> Iterator[AnswerSection]:
    """Of several with one title, each with its number: `告知事項3（2／3）`."""
    all_of, so_far = Counter(section.title for section in sections), Counter[str]()
    for section in sections:
        title = section.title
        so_far[title] += 1
        is_one = all_of[title] == 1
        yield section if is_one else replace(section, title=f"{title}（{so_far[title]}／{all_of[title]}）")


def _titled_questions(form: Form) -> Iterator[tuple[str, tuple[Question, ...]]]:
    for page in form.pages:
        for section in page.sections:
            yield section.title or page.title, section.questions
    yield _CONFIRMATION, form.confirm


def choice_label(form: Form | None, key: str, value: str) -> str:
    """The form's words for a choice of the question *key*; the bare value when it has none."""
    questions: Iterable[Question] = form.questions if form else ()
    choices = (choice for question in questions if question.key == key for choice in question.choices)
    return next((choice.label for choice in choices if choice.value == value), value)


def question_label(form: Form | None, key: str) -> str:
    """The form's words for the question *key*; the bare key when it asks no such thing."""
    return next((question.label for question in (form.questions if form else ()) if question.key == key), key)


def answer_words(form: Form | None, key: str, answer: Answer | None) -> str:
    """An answer to the question *key* as a person reads it; None is one that is not asked any more."""
    if answer is None:
        return "対象外"
    questions: Iterable[Question] = form.questions if form else ()
    return next((_in_words(question, answer) for question in questions if question.key == key), _plain(answer))


def _line(question: Question, answer: Answer, typed: str) -> AnswerLine:
    return AnswerLine(
        key=question.key,
        number=question.number or "",
        label="".join((question.label, *question.parts)),
        text=_in_words(question, answer),
        # A choice is picked: what was sent for it is a word for machines, which nobody typed.
        typed="" if question.choices else typed,
        is_unsure=answer == _UNSURE,
    )


def _in_words(question: Question, answer: Answer) -> str:
    match question.kind, answer:
        case "thousand_yen", int():
            return turnover(answer)
        case "amount", int():
            return spoken_yen(answer)
        case "consent", str():
            return f"同意済み（{answer} 版）"
        case _, [*values]:
            return "、".join(_choice(question, value) for value in values)
        case _:
            return _choice(question, str(answer))


def _choice(question: Question, value: str) -> str:
    choice = next((choice for choice in question.choices if choice.value == value), None)
    if choice is None:
        return value
    return f"{choice.label}（{choice.meaning}）" if choice.meaning else choice.label


def _plain(answer: Answer) -> str:
    return "、".join(answer) if isinstance(answer, list) else str(answer)
