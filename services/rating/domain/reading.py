"""Which answers count: those that were asked, that are there, and that the form knows. Nothing is ever guessed."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.rating.domain.quote import Reason
from shared.products.tariff import Answer, Asked, Part, Tariff


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers that can be priced, the parts that they ask for, and what is wrong with the other answers."""

    known: Mapping[str, Answer]
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]


def read(answers: Mapping[str, object], tariff: Tariff) -> Reading:
    """What *tariff* needs to know of *answers*, whatever else they hold and in whatever order."""
    known: dict[str, Answer] = {}
    reasons = _read(tariff.always_reads, answers, tariff, known)
    parts = tuple(part for part in tariff.parts if part.applies(known))
    needed = frozenset[str]().union(*(part.reads for part in parts))
    reasons |= _read(needed - tariff.always_reads, answers, tariff, known)
    return Reading(known, parts, tuple(reasons[key] for key in tariff.questions if key in reasons))


def because(code: str, tariff: Tariff, question: Asked | None = None) -> Reason:
    """The tariff's own sentence for *code*."""
    return Reason(code, tariff.says[code].replace("{question}", question.name if question else ""))


def _read(
    needed: frozenset[str], answers: Mapping[str, object], tariff: Tariff, known: dict[str, Answer]
) -> dict[str, Reason]:
    """Add to *known* what can be known; what is wrong with the rest, by question."""
    reasons = {}
    for key, question in tariff.questions.items():
        if key in needed and question.is_asked(known):
            given = answers.get(key)
            answer = question.read(given)
            code = _objection(question, given, answer)
            if code:
                reasons[key] = because(code, tariff, question)
            elif answer is not None:
                known[key] = answer
    return reasons


def _objection(question: Asked, given: object, answer: Answer | None) -> str | None:
    if given is None or given in ("", []):
        return "missing-answer"
    if answer is None:
        return "unknown-choice"
    return "contradictory-answer" if question.contradicts_itself(answer) else None
