"""The form on which staff correct answers: what it shows in each field, and how it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request

from services.dashboard.domain.approval import ApprovalProblem
from services.dashboard.domain.corrected_answers import AnswersNow
from services.dashboard.domain.new_decision import DecisionProblem
from shared.answers.reading import Problem
from shared.products import Form, Question

_ANSWER: Final = "answer-"
_LONGEST: Final = 20_000
"""Characters of a text that are shown again: the check says that it is too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAnswers:
    """What was typed, by the fields' names, and why it was not done; nothing on a page that is opened anew."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: tuple[DecisionProblem | ApprovalProblem, ...] = ()
    answers: tuple[Problem, ...] = ()
    overtaken: bool = False

    @property
    def reason(self) -> str:
        """The reason, with the line ends of our own."""
        return "\n".join(_last(self.fields, "reason").splitlines())

    def answer(self, question: Question) -> str | list[str] | None:
        """The answer as the form's check reads it."""
        values = self.fields.get(_ANSWER + question.key)
        if question.kind == "multi":
            return list(values or ())
        return values[-1] if values else None

    def shown(self, question: Question, now: AnswersNow) -> Sequence[str]:
        """What the field holds: what was typed, or the answer as it is."""
        if self.fields:
            return self.fields.get(_ANSWER + question.key, ())
        answer = now.answers.get(question.key)
        return [] if answer is None else answer if isinstance(answer, list) else [str(answer)]

    def problem(self, question: Question) -> str:
        """What is wrong with its answer; empty when nothing is."""
        return next((problem.message for problem in self.answers if problem.key == question.key), "")


async def typed_answers(request: Request) -> TypedAnswers:
    """What was sent. Of several boxes with one name each counts."""
    fields: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            fields.setdefault(name, []).append(value[:_LONGEST])
    return TypedAnswers(fields=fields)


def asked_when(form: Form, question: Question) -> str:
    """Which answer leads to *question*, where not every customer is asked it."""
    if question.opened_by is None or question.when is None:
        return ""
    opener = form.question(question.opened_by)
    wanted = {str(value) for key, value in question.when.terms() if key == opener.key}
    labels = "」「".join(choice.label for choice in opener.choices if choice.value in wanted)
    return f"{opener.number or opener.label}の回答が「{labels}」のときだけ回答します。"


def _last(fields: Mapping[str, Sequence[str]], name: str) -> str:
    return fields.get(name, ("",))[-1]
