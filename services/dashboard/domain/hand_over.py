"""What the insurer needs to go on with an application (申込): the offer, the contact, and the answers it rests on."""

from dataclasses import dataclass
from datetime import date, datetime

from services.dashboard.domain.answers import AnswerSection
from services.dashboard.domain.case import Case
from shared.events import Option, QuoteOffered
from shared.events.parcels import Answer, Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Everything in one piece. `answers` are those that were priced, as kept; `sections` the same in words."""

    reception_no: str
    quote_no: str
    product: str
    product_name: str
    insurer: str
    form_version: str
    tariff: str
    issued_at: datetime
    expires_on: date
    basis: str
    cover: Option
    contact: Contact
    answers: dict[str, Answer]
    sections: tuple[AnswerSection, ...]


def offer_to_hand_over(case: Case, *, is_kept_back: bool) -> QuoteOffered | None:
    """The offer that the customer has, or None: nothing goes to the insurer that the customer has not been offered.

    Nor what has ended in another way.
    """
    if case.work.closed and case.work.closed.outcome != "handed-over":
        return None
    if case.awaited_revision is not None or case.work.hold or is_kept_back:
        return None
    return case.quote if isinstance(case.quote, QuoteOffered) and case.quote.head else None
