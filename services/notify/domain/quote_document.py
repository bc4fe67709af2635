"""What a 見積書 says, as texts: the template is only filled in; nothing is computed or decided there.

The field names, here and in `offer.py` and `premium_table.py`, are what `documents/quote.typ` of a product may use.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from services.notify.domain import wording
from services.notify.domain.check_url import check_url
from services.notify.domain.offer import (
    FIXED_PREMIUM,
    ChangedTerm,
    Cover,
    changed_terms,
    choice_label,
    covers,
    head_option,
    quote_no,
    rider_labels,
)
from services.notify.domain.parcels import Terms
from services.notify.domain.premium_table import PremiumTable, premium_table
from shared.events import QuoteOffered
from shared.events.parcels import Contact, Declared, Saving
from shared.products import Form, Product
from shared.qr_code import qr_code
from shared.yen import turnover, yen

OPTION_NAMES: Final = {
    "lighter": "保険料を抑えたご案内",
    "chosen": "ご希望の内容",
    "nearest": "ご希望に最も近い内容",
    "fuller": "補償を手厚くしたご案内",
}
"""The names of the options for customers, in the order of the document (梅・竹・松)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedOption:
    """One of the options that are shown side by side; `is_head` marks the one that the document is about."""

    name: str
    limits: tuple[str, str]
    deductibles: tuple[str, str]
    premium: str
    is_head: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteDocument:
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
    is_manual: bool
    changes: tuple[ChangedTerm, ...]
    options: tuple[NamedOption, ...]
    boards: tuple[PremiumTable, ...]
    hints: tuple[tuple[str, str], ...]
    """What would lower the premium, and by how much a year."""
    declared: tuple[tuple[str, str], ...]
    """Questions of the 告知 that are easily misread, and how the answers were understood."""
    check_url: str
    """Where its reader can ask whether it is ours and still stands. Empty: nowhere."""
    check_code: str
    """The same as a QR code, an SVG."""


def quote_document(
    quote: QuoteOffered,
    product: Product,
    contact: Contact,
    terms: Terms,
    *,
    form: Form,
    savings: Iterable[Saving] = (),
    declared: Iterable[Declared] = (),
    public_url: str = "",
) -> QuoteDocument:
    """The 見積書 of *quote*, in the words of *form*, which its request was sent under. *public_url*: of intake.

    Raises `Invalid`: as `head_option`, unknown-question, unknown-choice, bad-grid.
    """
    option, url = head_option(quote), check_url(public_url, quote)
    return QuoteDocument(
        quote_no=quote_no(quote),
        insurer=product.insurer_on(wording.jst_date(quote.issued_at)),
        issued_on=wording.day_with_era(quote.issued_at),
        expires_on=wording.day_with_era(quote.expires_on),
        company=contact.company,
        department=contact.department,
        person=contact.person,
        industry=choice_label(form, "industry", terms.industry),
        turnover=turnover(terms.turnover),
        plan=choice_label(form, "plan", option.plan),
        riders=rider_labels(form, option),
        fixed_premium=FIXED_PREMIUM in option.riders,
        covers=covers(option),
        premium=f"{option.premium:,}",
        is_manual=quote.basis == "manual",
        changes=changed_terms(form, quote.changes),
        options=tuple(_named_options(quote)) if len(quote.options) > 1 else (),
        boards=tuple(premium_table(form, grid, option) for grid in quote.grids),
        hints=tuple((saving.advice, yen(saving.saves)) for saving in savings),
        declared=tuple((answer.question, answer.answer) for answer in declared),
        check_url=url,
        check_code=qr_code(url) if url else "",
    )


def _named_options(quote: QuoteOffered) -> Iterator[NamedOption]:
    head = head_option(quote)
    for kind, name in OPTION_NAMES.items():
        for option in quote.options:
            if option.kind == kind:
                liability, cost = covers(option)
                yield NamedOption(
                    name=name,
                    limits=(liability.limit, cost.limit),
                    deductibles=(liability.deductible, cost.deductible),
                    premium=f"{option.premium:,}",
                    is_head=option is head,
                )
