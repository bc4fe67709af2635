"""Which cover a quote is about, and what the tariff asks for it: what staff start from when they decide on it.

The terms that were asked for are in the customer's answers and in the decisions of staff since then, which are all
sealed. An offer shows the terms that can be had, which may differ from those that were asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from shared.events import QuoteOffered, QuoteReferred
from shared.events.parcels import Answer, DecisionForDesk
from shared.products import Form, Question

COVER: Final = ("plan", "liability_limit", "cost_limit", "liability_deductible", "cost_deductible")
"""The form's keys of the terms that every priced cover has; rating knows the same (`COVER_WITHOUT_RIDERS`)."""
_RIDER: Final = "rider_"

Terms = Mapping[str, str | int]
AnyQuote = QuoteOffered | QuoteReferred


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteTerms:
    """The terms of the latest revision, by the form's keys, amounts in 円.

    `asked`: what rating has as the answers to these questions; empty when that is not known. `shown`: the terms of the
    offer, or for a referral those that were asked for. `questions`: what may be changed, in the form's order.
    """

    questions: tuple[Question, ...]
    asked: Terms
    shown: Terms

    @property
    def has_cover(self) -> bool:
        """Whether a premium can be set by hand: there is a cover that it is for."""
        return all(key in self.shown for key in COVER)


def term_questions(form: Form) -> tuple[Question, ...]:
    """The questions about the cover and its riders, in the form's order: what staff may change by themselves."""
    return tuple(question for question in form.questions if question.key in COVER or question.key.startswith(_RIDER))


def terms_of(
    form: Form, answers: Mapping[str, Answer], decisions: Iterable[DecisionForDesk | None], quote: AnyQuote | None
) -> QuoteTerms:
    """The terms after *decisions*, in their order; None stands for one that cannot be read."""
    questions = term_questions(form)
    asked: dict[str, str | int] = {}
    is_known = True
    for key in (question.key for question in questions):
        answer = answers.get(key)
        if isinstance(answer, str | int):
            asked[key] = answer
    for decision in decisions:
        is_known &= decision is not None
        asked |= (decision.terms or {}) if decision else {}
    asked = {question.key: asked[question.key] for question in questions if asked.get(question.key) in question.values}
    return QuoteTerms(questions=questions, asked=asked if is_known else {}, shown=asked | _offered(questions, quote))


def _offered(questions: Sequence[Question], quote: AnyQuote | None) -> dict[str, str | int]:
    head = quote.head if isinstance(quote, QuoteOffered) else None
    if head is None:
        return {}
    cover: dict[str, str | int] = {key: getattr(head, key) for key in COVER}
    riders: dict[str, str | int] = {
        question.key: "yes" if question.key.removeprefix(_RIDER) in head.riders else "no"
        for question in questions
        if question.key.startswith(_RIDER)
    }
    return cover | riders


def tariff_premium(quotes: Sequence[AnyQuote]) -> int | None:
    """What the tariff asks for the terms of the latest of *quotes*, in 円 a year; *quotes* are all, in their order.

    None: the tariff has no price for these terms. A premium that was set by hand keeps the terms of the quote before.
    """
    for quote in reversed(quotes):
        if isinstance(quote, QuoteReferred):
            return None
        if quote.basis != "manual":
            # The nearest cover that can be had has a price, but it is another cover.
            return quote.head.premium if quote.head and quote.head.chosen else None
    return None


def deviation(premium_yen: int, from_yen: int) -> Decimal:
    """How far a premium is from that of the tariff, in % with one decimal place; below zero: it is lower."""
    exact = (Decimal(premium_yen) - from_yen) * 100 / Decimal(from_yen)
    return exact.quantize(Decimal("0.1"))
