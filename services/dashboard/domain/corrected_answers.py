"""Answers that a customer corrected on the telephone: which may be, whether the form takes them, and what is new.

They go through the check of the form that the request was sent under, as if the customer had sent them. The cover is
changed elsewhere (new_decision.py), and who asks is no answer of theirs to a question that a price depends on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.dashboard.domain.answers import answer_words
from services.dashboard.domain.quote_terms import term_questions
from shared.answers.check import check
from shared.answers.reading import Problem, Value
from shared.answers.turnover_band import turnover_band
from shared.events import QuoteDecided, Segment
from shared.events.parcels import Answer, Contact, DecisionForDesk
from shared.products import Form, Question
from shared.products.priced import UNPRICED

Typed = Callable[[Question], object]
"""The answer to a question as it was typed; None where there is none."""

_NEVER: Final = UNPRICED | Contact.model_fields.keys()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersNow:
    """Everything that is answered, as the latest revision was priced for it, by the keys of *form*.

    `is_known`: every decision about them can be read. Otherwise rating may have others, and is told all of them.
    """

    form: Form
    answers: Mapping[str, Answer]
    is_known: bool


@dataclass(frozen=True, slots=True)
class Correction:
    """What rating is told: the answers that are new, None for one that is not asked any more; or all that is wrong."""

    changed: Mapping[str, Value | None]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedAnswer:
    """One answer that took the place of another, in words."""

    text: str
    by: str
    at: datetime
    reason: str


def correctable_sections(form: Form) -> Iterator[tuple[str, tuple[Question, ...]]]:
    """The questions whose answers may be corrected, under their headings, in the form's order."""
    never = _NEVER | {question.key for question in term_questions(form)}
    for page in form.pages:
        for section in page.sections:
            questions = tuple(question for question in section.questions if question.key not in never)
            if questions:
                yield section.title or page.title, questions


def answers_now(form: Form, sent: Mapping[str, Answer], decisions: Iterable[DecisionForDesk | None]) -> AnswersNow:
    """What was *sent*, after *decisions* in their order; None stands for one that cannot be read."""
    answers, is_known = dict(sent), True
    for decision in decisions:
        is_known &= decision is not None
        changed = {**(decision.terms or {}), **(decision.answers or {})} if decision else {}
        answers = {key: value for key, value in {**answers, **changed}.items() if value is not None}
    return AnswersNow(form=form, answers=answers, is_known=is_known)


def segment_now(sent: Segment | None, decisions: Iterable[DecisionForDesk | None]) -> Segment | None:
    """By what a case is counted after *decisions*, as in `answers_now`. One that cannot be read changes nothing."""
    corrected: dict[str, Answer | None] = {}
    for decision in decisions:
        corrected |= (decision.answers or {}) if decision else {}
    industry, turnover = corrected.get("industry"), corrected.get("turnover")
    changed: dict[str, str] = {"industry": industry} if isinstance(industry, str) else {}
    if isinstance(turnover, int):
        changed["turnover_band"] = turnover_band(turnover)
    return sent and sent.model_copy(update=changed)


def correction_in(now: AnswersNow, typed: Typed) -> Correction:
    """What is changed by the answers *typed*, which says one for every question of `correctable_sections`."""
    sent = {question.key: typed(question) for _, questions in correctable_sections(now.form) for question in questions}
    checked = check(now.form, {**now.answers, **sent})
    accepted = {key: checked.answers.get(key) for key in sent}
    changed = {
        key: value
        for key, value in accepted.items()
        if value != now.answers.get(key) or (value is not None and not now.is_known)
    }
    # What is wrong elsewhere cannot be put right here, and is judged by rating.
    return Correction(changed, checked.on(sent))


def corrected_answers(
    form: Form | None, asked_for: Iterable[QuoteDecided], decisions: Mapping[str, object]
) -> dict[str, tuple[CorrectedAnswer, ...]]:
    """Every correction by the key of its question, the latest first. *decisions*: what each asked for, if readable."""
    found: dict[str, tuple[CorrectedAnswer, ...]] = {}
    for one in asked_for:
        content = decisions.get(one.decision_id)
        if not isinstance(content, DecisionForDesk):
            continue
        for key, value in (content.answers or {}).items():
            text = answer_words(form, key, value)
            corrected = CorrectedAnswer(text=text, by=one.decided_by, at=one.decided_at, reason=content.reason)
            found[key] = (corrected, *found.get(key, ()))
    return found
