"""Decisions that go outside wait a little while, in which staff can take them back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from services.dashboard.domain.case import Case
from services.dashboard.domain.facts import Decided, fact_id, moment_of
from shared.events import AddressCorrected, QuoteDecided, QuoteReleased, RequestReleased

HELD_FOR: Final = timedelta(seconds=10)
"""How long nobody else hears of such a decision."""
MARGIN: Final = timedelta(seconds=1)
"""So long before the end it is not taken back any more: what the page offers must still be possible on the way."""

Held = QuoteReleased | RequestReleased | QuoteDecided | AddressCorrected
"""What makes a mail go out to the customer, at once or with the next revision."""


def is_held(decision: Decided) -> bool:
    """Whether it is published only after `HELD_FOR`."""
    return isinstance(decision, Held)


def can_be_taken_back_until(decision: Held) -> datetime:
    """The moment from which on it stands."""
    return moment_of(decision) + HELD_FOR - MARGIN


def to_be_taken_back(case: Case, now: datetime) -> Sequence[Held]:
    """The decisions about *case* that can still be taken back, the newest first."""
    return sorted((one for one in _held(case) if now < can_be_taken_back_until(one)), key=moment_of, reverse=True)


def held_decision(case: Case, decision_id: str) -> Held | None:
    """The decision with this id, if it is one that could be taken back at some time."""
    return next((one for one in _held(case) if fact_id(one) == decision_id), None)


def _held(case: Case) -> tuple[Held, ...]:
    mails_released = (case.mails_released,) if case.mails_released else ()
    return (*case.releases, *case.asked_for, *mails_released, *case.work.corrections)
