"""An offer in the customer's words, as its mail and its 見積書 both show it.

Labels are those of the form that the request was sent under: after a release the same choice may have other words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from services.notify.domain import wording
from shared.clock import JST
from shared.errors import Invalid
from shared.events import Change, Option, Quote, QuoteOffered, RequestReceived
from shared.products import Form, Product, Question
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


def end_of_validity(expires_on: date) -> datetime:
    """The first moment at which an offer is not valid any more: the midnight in Japan after its last day."""
    return datetime.combine(expires_on + timedelta(days=1), time(), JST)


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


def form_of(request: RequestReceived, product: Product) -> Form:
    """The form that *request* was sent under. Raises `Invalid`: unknown-form.

    Today's form does not take its place: it may call by other words what the customer chose.
    """
    form = product.form_of(request.form_version)
    if form is None:
        raise Invalid("unknown-form")
    return form


def question(form: Form, key: str) -> Question:
    """The question called *key*, which an event names. Raises `Invalid`: unknown-question."""
    try:
        return form.question(key)
    except KeyError:
        raise Invalid("unknown-question") from None


def choice_label(form: Form, key: str, value: str) -> str:
    """The words that *form* shows for *value*. Raises `Invalid`: unknown-question, unknown-choice."""
    for choice in question(form, key).choices:
        if choice.value == value:
            return choice.label
    raise Invalid("unknown-choice")


def rider_labels(form: Form, option: Option) -> tuple[str, ...]:
    """The names of the riders, without `FIXED_PREMIUM`. Raises `Invalid`: unknown-question."""
    return tuple(question(form, f"rider_{rider}").label for rider in option.riders if rider != FIXED_PREMIUM)


def changed_terms(form: Form, changes: Iterable[Change]) -> tuple[ChangedTerm, ...]:
    """The *changes* in the words of *form*. Raises `Invalid`: unknown-question, unknown-choice."""
    return tuple(
        ChangedTerm(
            term=question(form, change.key).label,
            requested=choice_label(form, change.key, str(change.requested)),
            offered=choice_label(form, change.key, str(change.offered)),
            why=change.says,
        )
        for change in changes
    )
