"""What stands on a 見積書. Texts only: the paper adds no arithmetic and no decisions of its own."""

from dataclasses import dataclass

from services.notify.domain import wording
from services.notify.domain.contact import Contact, Terms
from shared.errors import Invalid
from shared.events import Option, QuoteOffered
from shared.products import Product

FIXED_PREMIUM = "fixed_premium"


@dataclass(frozen=True, slots=True)
class Cover:
    """One kind of damage, how far it is covered, and what the insured bears."""

    label: str
    basis: str
    limit: str
    deductible: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The changing part of a 見積書; the rest is the product's template."""

    quote_no: str
    insurer: str
    issued_on: str
    expires_on: str
    company: str
    department: str
    person: str
    industry: str
    turnover: str
    plan: str
    riders: tuple[str, ...]
    fixed_premium: bool
    covers: tuple[Cover, ...]
    premium: str


def quote_no(quote: QuoteOffered) -> str:
    """What a customer reads out on the phone: the reception number and the revision."""
    return f"{quote.reception_no}-{quote.revision}"


def chosen_option(quote: QuoteOffered) -> Option:
    """The cover that was asked for. Raises `Invalid`: no-chosen-option."""
    chosen = [option for option in quote.options if option.chosen]
    if len(chosen) != 1:
        raise Invalid("no-chosen-option")
    return chosen[0]


def covers(option: Option) -> tuple[Cover, ...]:
    """Both kinds of damage of *option*."""
    return (
        Cover(
            "賠償損害",
            "1請求・保険期間中",
            wording.round_yen(option.liability_limit),
            wording.deductible(option.liability_deductible),
        ),
        Cover(
            "費用損害",
            "一連の事故・保険期間中",
            wording.round_yen(option.cost_limit),
            wording.deductible(option.cost_deductible),
        ),
    )


def choice_label(product: Product, key: str, value: str) -> str:
    """The words that the form shows for *value*. Raises `Invalid`: unknown-choice."""
    for choice in product.form.question(key).choices:
        if choice.value == value:
            return choice.label
    raise Invalid("unknown-choice")


def rider_labels(product: Product, option: Option) -> tuple[str, ...]:
    """The riders' names, without the one that only says how the premium is settled."""
    return tuple(product.form.question(f"rider_{rider}").label for rider in option.riders if rider != FIXED_PREMIUM)


def quote_sheet(quote: QuoteOffered, product: Product, contact: Contact, terms: Terms) -> Sheet:
    """The 見積書 of *quote*."""
    option = chosen_option(quote)
    return Sheet(
        quote_no=quote_no(quote),
        insurer=product.insurer_on(wording.jst_date(quote.issued_at)),
        issued_on=wording.day(quote.issued_at),
        expires_on=wording.day(quote.expires_on),
        company=contact.company,
        department=contact.department,
        person=contact.person,
        industry=choice_label(product, "industry", terms.industry),
        turnover=wording.turnover(terms.turnover),
        plan=choice_label(product, "plan", option.plan),
        riders=rider_labels(product, option),
        fixed_premium=FIXED_PREMIUM in option.riders,
        covers=covers(option),
        premium=f"{option.premium:,}",
    )
