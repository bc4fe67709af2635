"""Which answers count: those that were asked, that are there, and that the form knows. Nothing is ever guessed."""

from collections.abc import Mapping
from dataclasses import dataclass

from pricing.engine.result import Reason
from pricing.tariff import Answer, Asked, Part, Tariff


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers that can be priced, the parts that they ask for, and what is wrong with the others, by question."""

    known: Mapping[str, Answer]
    parts: tuple[Part, ...]
    reasons: Mapping[str, Reason]


def read(answers: Mapping[str, object], tariff: Tariff) -> Reading:
    """What *tariff* needs to know of *answers*, whatever else they hold and in whatever order."""
    known: dict[str, Answer] = {}
    wrong: dict[str, str] = {}
    # In the form's order, so that parents are known before the questions that they open.
    for key, question in tariff.questions.items():
        if question.when is None or question.is_asked(known):
            given = answers.get(key)
            if question.is_one_word and type(given) is str and given in question.choices:
                known[key] = given  # by far the most, so the quick way
                continue
            answer = question.read(given)
            code = _objection(question, given, answer)
            if answer is None or code:
                wrong[key] = code
            else:
                known[key] = answer
    parts = tuple(part for part in tariff.parts if part.applies(known))
    if not wrong:
        return Reading(known, parts, {})
    needed = tariff.always_reads.union(*(part.reads for part in parts))
    reasons = {key: because(code, tariff, tariff.questions[key]) for key, code in wrong.items() if key in needed}
    return Reading(known, parts, reasons)


def because(code: str, tariff: Tariff, question: Asked | None = None) -> Reason:
    """The tariff's own sentence for *code*."""
    return Reason(code, tariff.says[code].replace("{question}", question.name if question else ""))


def _objection(question: Asked, given: object, answer: Answer | None) -> str:
    if given is None or given in ("", []):
        return "missing-answer"
    if answer is None:
        return "unknown-choice"
    return "contradictory-answer" if question.contradicts_itself(answer) else ""
