"""By when staff must do the next thing about a case: the earliest of what is promised and not done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from services.dashboard.domain.business_hours import BusinessHours
from services.dashboard.domain.case import Case
from services.dashboard.domain.deadlines import first_answer_due, next_try_due, referral_due
from shared.events import Promise, QuoteReferred
from shared.products import Products
from shared.products.national_holidays import load_national_holidays


class Promised(NamedTuple):
    """What the agency has promised a customer, and until when."""

    due_at: datetime
    promise: Promise


@dataclass(frozen=True, slots=True)
class Due:
    """The promises of every product's desk: `{product: its hours}`. A product that is gone promises nothing."""

    hours: Mapping[str, BusinessHours]

    @property
    def rules(self) -> str:
        """What deadlines depend on, in a few letters: after a change they must all be worked out again."""
        told = [
            (
                slug,
                desk.week,
                sorted(desk.closed_every_year),
                sorted(desk.closed),
                sorted(desk.extra_days.items()),
                desk.first_answer,
                desk.reply_days,
                desk.next_try,
                sorted(hours.holidays.days),
                hours.holidays.last,
            )
            for slug, hours in sorted(self.hours.items())
            for desk in [hours.desk]
        ]
        return sha256(repr(told).encode()).hexdigest()[:16]

    def __call__(self, case: Case) -> datetime | None:
        """None: nothing is promised, or all of it is done."""
        promised = self.next_promise(case)
        return promised.due_at if promised else None

    def next_promise(self, case: Case) -> Promised | None:
        """What is due first. None: nothing is promised, or all of it is done."""
        hours = self.hours.get(case.request.product)
        return min(_promised(case, hours), default=None) if hours and case.work.closed is None else None

    def first_answer(self, case: Case) -> datetime | None:
        """Until when somebody must have tried to reach the customer, done or not; None where nothing is promised."""
        hours = self.hours.get(case.request.product)
        return first_answer_due(case.request.accepted_at, hours) if hours and case.request.wishes.quote else None

    def is_open(self, case: Case, moment: datetime) -> bool:
        """Whether the desk is open at *moment*; also where nobody knows its hours."""
        hours = self.hours.get(case.request.product)
        return hours is None or hours.is_open(moment)


def _promised(case: Case, hours: BusinessHours) -> Iterator[Promised]:
    work, request = case.work, case.request
    if work.call_again_at is not None:
        yield Promised(work.call_again_at, "call-again")
    if request.wishes.quote and not work.contacts:
        yield Promised(first_answer_due(request.accepted_at, hours), "first-answer")
    if work.tried_in_vain_at is not None:
        yield Promised(next_try_due(work.tried_in_vain_at, hours), "call-again")
    if isinstance(case.quote, QuoteReferred):
        yield Promised(referral_due(case.quote.issued_at, hours), "referral")


def due_of(products: Products) -> Due:
    """The promises of *products*, with the national holidays that are known."""
    holidays = load_national_holidays()
    return Due({slug: BusinessHours(desk=product.desk, holidays=holidays) for slug, product in products.items()})
