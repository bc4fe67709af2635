"""Decisions that go outside wait a little while, in which staff can take them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.dashboard.domain.case import Case
from services.dashboard.domain.facts import Decided, fact_id, moment_of
from shared.events import AddressCorrected, QuoteDecided, QuoteReleased, RequestReleased
from shared.products import Products
from shared.products.desk import TAKE_BACK

MARGIN: Final = timedelta(seconds=1)
"""So long before the end it is not taken back any more: what the page offers must still be possible on the way."""

Held = QuoteReleased | RequestReleased | QuoteDecided | AddressCorrected
"""What makes a mail go out to the customer, at once or with the next revision."""


@dataclass(frozen=True, slots=True)
class HeldFor:
    """How long nobody else hears of such a decision: `{product: its time}`; the usual for one that is gone."""

    times: Mapping[str, timedelta]

    def __call__(self, case: Case) -> timedelta:
        """For the decisions about *case*."""
        return self.times.get(case.request.product, TAKE_BACK)


def held_for_of(products: Products) -> HeldFor:
    """As the desks of *products* have it."""
    return HeldFor({slug: product.desk.take_back for slug, product in products.items()})


def is_held(decision: Decided) -> bool:
    """Whether it is published only after a while."""
    return isinstance(decision, Held)


def can_be_taken_back_until(decision: Held, held_for: timedelta) -> datetime:
    """The moment from which on it stands."""
    return moment_of(decision) + held_for - MARGIN


def to_be_taken_back(case: Case, now: datetime, held_for: timedelta) -> Sequence[tuple[Held, datetime]]:
    """The decisions about *case* that can still be taken back, each with the moment until which; the newest first."""
    found = ((one, can_be_taken_back_until(one, held_for)) for one in held_decisions(case))
    return sorted(((one, until) for one, until in found if now < until), key=lambda each: each[1], reverse=True)


def held_decision(case: Case, decision_id: str) -> Held | None:
    """The decision with this id, if it is one that could be taken back at some time."""
    return next((one for one in held_decisions(case) if fact_id(one) == decision_id), None)


def held_decisions(case: Case) -> tuple[Held, ...]:
    """All that went out to the customer, or will, because staff decided it."""
    mails_released = (case.mails_released,) if case.mails_released else ()
    return (*case.releases, *case.asked_for, *mails_released, *case.work.corrections)
