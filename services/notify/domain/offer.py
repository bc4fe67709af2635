"""An offer in the customer's words, as its mail and its 見積書 both show it. Labels are those of the form."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.notify.domain import wording
from shared.errors import Invalid
from shared.events import Change, Option, Quote, QuoteOffered
from shared.products import Product, Question
from shared.yen import spoken_yen

FIXED_PREMIUM: Final = "fixed_premium"
"""The rider that only says how the premium is settled. The 見積書 states that in a text of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """One kind of damage, how far it is covered, and what the insured bears."""

    label: str
    basis: str
    limit: str
    deductible: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedTerm:
    """A term that was asked for and cannot be had, what is quoted instead, and why."""

    term: str
    requested: str
    offered: str
    why: str


def quote_no(quote: Quote) -> str:
    """What a customer reads out on the phone: the reception number and the revision."""
    return f"{quote.reception_no}-{quote.revision}"


def head_option(quote: QuoteOffered) -> Option:
    """The cover that was asked for, or the nearest to it. Raises `Invalid`: no-head-option, no-premium."""
    head = quote.head
    if head is None:
        raise Invalid("no-head-option")
    # Letters and papers say 円.
    if head.premium <= 0 or quote.currency != "JPY":
        raise Invalid("no-premium")
    return head


def covers(option: Option) -> tuple[Cover, Cover]:
    """Both kinds of damage of *option*."""
    return (
        Cover(
            label="賠償損害",
            basis="1請求・保険期間中",
            limit=spoken_yen(option.liability_limit),
            deductible=wording.deductible(option.liability_deductible),
        ),
        Cover(
            label="費用損害",
            basis="一連の事故・保険期間中",
            limit=spoken_yen(option.cost_limit),
            deductible=wording.deductible(option.cost_deductible),
        ),
    )


def question(product: Product, key: str) -> Question:
    """The question called *key*, which an event names. Raises `Invalid`: unknown-question."""
    try:
        return product.form.question(key)
    except KeyError:
        raise Invalid("unknown-question") from None


def choice_label(product: Product, key: str, value: str) -> str:
    """The words that the form shows for *value*. Raises `Invalid`: unknown-question, unknown-choice."""
    for choice in question(product, key).choices:
        if choice.value == value:
            return choice.label
    raise Invalid("unknown-choice")


def rider_labels(product: Product, option: Option) -> tuple[str, ...]:
    """The names of the riders, without `FIXED_PREMIUM`. Raises `Invalid`: unknown-question."""
    return tuple(question(product, f"rider_{rider}").label for rider in option.riders if rider != FIXED_PREMIUM)


def changed_terms(product: Product, changes: Iterable[Change]) -> tuple[ChangedTerm, ...]:
    """The *changes* in the words of the form. Raises `Invalid`: unknown-question, unknown-choice."""
    return tuple(
        ChangedTerm(
            term=question(product, change.key).label,
            requested=choice_label(product, change.key, str(change.requested)),
            offered=choice_label(product, change.key, str(change.offered)),
            why=change.says,
        )
        for change in changes
    )
