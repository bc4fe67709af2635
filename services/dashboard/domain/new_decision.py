"""What staff may decide about a quote, and when it is refused: the rules behind the forms for another revision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from services.dashboard.domain.case import Case
from services.dashboard.domain.corrected_answers import Correction
from services.dashboard.domain.quote_terms import QuoteTerms
from shared.events.parcels import DecisionForRating

LONGEST_REASON: Final = 1_000
"""Characters of a reason: it stands beside the price for as long as the quote is kept."""
PREMIUM_STEP_YEN: Final = 10
"""What the tariff rounds to: a premium in other steps would be none that it could ever ask for."""
LARGEST_PREMIUM_YEN: Final = 10**10
"""As rating has it: a larger one is a slip of the keyboard."""

DecisionProblem = Literal[
    "closed",
    "no-quote",
    "no-tariff",
    "awaited",
    "unreadable",
    "no-reason",
    "long-reason",
    "same-terms",
    "same-answers",
    "bad-answers",
    "bad-premium",
    "premium-step",
    "no-cover",
]
"""Why it is not decided, in a word for machines."""


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """Have the tariff price other terms of the cover. `chosen`: the values of the choices, by the form's keys."""

    chosen: Mapping[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class SetPremium:
    """Set a premium in 円 a year for the terms as they are. None: what was typed is no amount."""

    premium_yen: int | None
    reason: str


NewDecision = ChangeTerms | SetPremium


def decision_problems(
    decision: NewDecision, case: Case, terms: QuoteTerms | None, today: date
) -> list[DecisionProblem]:
    """All that speaks against it; empty when it may be decided. *terms*: None when they cannot be read.

    *today*: in Japan. Once the quote has expired, the same terms make a new one.
    """
    hindered = list(_hindrances(case, terms))
    if hindered or terms is None:
        return hindered
    return [*_of_reason(decision.reason), *_of_content(decision, terms, may_renew=case.has_expired(today))]


def refusal_problems(reason: str) -> list[DecisionProblem]:
    """What is wrong with the reason for which a proposal is refused."""
    return list(_of_reason(reason))


def correction_problems(
    correction: Correction | None, reason: str, case: Case, terms: QuoteTerms | None
) -> list[DecisionProblem]:
    """All that speaks against pricing corrected answers. *correction*: None when the answers cannot be read."""
    hindered = list(_hindrances(case, terms))
    if hindered or correction is None:
        return hindered
    found = list(_of_reason(reason))
    if correction.problems:
        found.append("bad-answers")
    elif not correction.changed:
        found.append("same-answers")
    return found


def can_be_decided(case: Case, terms: QuoteTerms | None) -> bool:
    """Whether the forms are offered at all."""
    return hindrance(case, terms) is None


def hindrance(case: Case, terms: QuoteTerms | None) -> DecisionProblem | None:
    """Why nothing can be decided now, whatever it is."""
    return next(_hindrances(case, terms), None)


def content_of(decision: NewDecision, terms: QuoteTerms) -> DecisionForRating:
    """What rating is told: of the terms only those that differ from what it has, or all where none does."""
    reason = decision.reason.strip()
    match decision:
        case ChangeTerms():
            return DecisionForRating(reason=reason, terms=_changed(decision, terms) or _chosen(decision, terms))
        case SetPremium():
            return DecisionForRating(reason=reason, premium=decision.premium_yen)


def _hindrances(case: Case, terms: QuoteTerms | None) -> Iterator[DecisionProblem]:
    if case.work.closed is not None:
        yield "closed"
    elif case.quote is None:
        yield "no-quote"
    elif not case.quote.tariff.sha256:
        # No tariff was in force: rating has nothing to price it with, not even a premium that is set by hand.
        yield "no-tariff"
    elif case.awaited_revision is not None:
        yield "awaited"
    elif terms is None:
        yield "unreadable"


def _of_reason(reason: str) -> Iterator[DecisionProblem]:
    if not reason.strip():
        yield "no-reason"
    if len(reason) > LONGEST_REASON:
        yield "long-reason"


def _of_content(decision: NewDecision, terms: QuoteTerms, *, may_renew: bool) -> Iterator[DecisionProblem]:
    match decision:
        case ChangeTerms():
            if not (_chosen if may_renew else _changed)(decision, terms):
                yield "same-terms"
        case SetPremium(premium_yen=premium):
            if premium is None or not 0 < premium <= LARGEST_PREMIUM_YEN:
                yield "bad-premium"
            elif premium % PREMIUM_STEP_YEN:
                yield "premium-step"
            if not terms.has_cover:
                yield "no-cover"


def _changed(decision: ChangeTerms, terms: QuoteTerms) -> dict[str, str | int]:
    return {key: value for key, value in _chosen(decision, terms).items() if terms.asked.get(key) != value}


def _chosen(decision: ChangeTerms, terms: QuoteTerms) -> dict[str, str | int]:
    """What no question offers counts as not chosen: the page cannot send it."""
    return {
        question.key: value
        for question in terms.questions
        for value in question.values
        if decision.chosen.get(question.key) == str(value)
    }
