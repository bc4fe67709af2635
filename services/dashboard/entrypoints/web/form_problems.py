"""What is wrong with a form of a case's page, and at which of its fields: said there and above everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.dashboard.domain.approval import ApprovalProblem
from services.dashboard.domain.new_decision import DecisionProblem
from services.dashboard.domain.new_work import Problem
from services.dashboard.entrypoints.web.decide_form import TypedDecision
from services.dashboard.entrypoints.web.decide_wording import DECISION_PROBLEMS
from services.dashboard.entrypoints.web.work_form import Typed
from services.dashboard.entrypoints.web.work_wording import PROBLEMS

_WORK_FIELDS: Final[Mapping[Problem, str]] = {
    "no-text": "text",
    "long-text": "text",
    "no-moment": "again",
    "bad-moment": "again",
    "past-moment": "again",
    "far-moment": "again",
    "no-outcome": "outcome",
    "no-reason": "reason",
    "no-such-staff": "to",
    "may-not-work": "to",
    "no-hold-reason": "text",
    "past-day": "until",
    "no-such-case": "same",
    "duplicate-too": "same",
    "bad-address": "email",
}
"""The field of each form that a problem is about, without the form's name before it; the others are about the case."""
_DECISION_FIELDS: Final[Mapping[DecisionProblem | ApprovalProblem, str]] = {
    "no-reason": "reason",
    "long-reason": "reason",
    "bad-premium": "premium",
    "premium-step": "premium",
    "no-cover": "premium",
    "same-terms": "choices",
}
_OVERTAKEN: Final = (
    "保存していません。この画面を開いたあとに、ほかの職員がこのご依頼を処理しました。最新の記録を確認し、"
    "それでも必要なときは、もう一度ボタンを押してください。入力した内容は残っています。"
)


@dataclass(frozen=True, slots=True)
class FormProblem:
    """One thing that is wrong. `field`: the `id` of the field, or of the part of the page that it is about."""

    text: str
    field: str


def form_problems(work: Typed, decision: TypedDecision) -> tuple[FormProblem, ...]:
    """All that is wrong with what was just sent; empty when nothing was, or nothing is."""
    found = []
    if work.overtaken:
        found.append(FormProblem(_OVERTAKEN, "work"))
    if decision.overtaken:
        found.append(FormProblem(_OVERTAKEN, "decide"))
    for problem in work.problems:
        field = _WORK_FIELDS.get(problem)
        found.append(FormProblem(PROBLEMS[problem], f"{work.kind}-{field}" if field else "work"))
    for wrong in decision.problems:
        field = _DECISION_FIELDS.get(wrong)
        found.append(FormProblem(DECISION_PROBLEMS[wrong], f"{decision.kind}-{field}" if field else "decide"))
    return tuple(found)
