"""Which answers count: those to questions that are asked, that are there and that the form knows. None is guessed."""

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
    """The part of *answers* that *tariff* reads; other entries and their order make no difference."""
    known: dict[str, Answer] = {}
    wrong: dict[str, str] = {}
    # In the form's order, so that parents are known before the questions that depend on them.
    for key, question in tariff.questions.items():
        if question.when is None or question.is_asked(known):
            given = answers.get(key)
            if question.is_one_word and type(given) is str and given in question.choices:
                known[key] = given  # most answers are of this kind, and this is faster
                continue
            answer = question.read(given)
            code = _error_code(question, given, answer)
            if answer is None or code:
                wrong[key] = code
            else:
                known[key] = answer
    parts = tuple(part for part in tariff.parts if part.applies(known))
    if not wrong:
        return Reading(known, parts, {})
    needed = tariff.always_reads.union(*(part.reads for part in parts))
    reasons = {key: reason_for(code, tariff, tariff.questions[key]) for key, code in wrong.items() if key in needed}
    return Reading(known, parts, reasons)


def reason_for(code: str, tariff: Tariff, question: Asked | None = None) -> Reason:
    """A reason with the tariff's own sentence for *code*."""
    return Reason(code, tariff.messages[code].replace("{question}", question.name if question else ""))


def _error_code(question: Asked, given: object, answer: Answer | None) -> str:
    if given is None or given in ("", []):
        return "missing-answer"
    if answer is None:
        return "unknown-choice"
    return "contradictory-answer" if question.contradicts_itself(answer) else ""
