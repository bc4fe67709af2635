"""When the desk is open, and what it promises by when: the part `desk` of product.yaml. It decides nothing.

The national holidays are no product's own: national_holidays.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final, NamedTuple

NEXT_TRY: Final = timedelta(hours=4)
"""Half a day of most desks: whoever was not there in the morning is called again in the afternoon."""
TAKE_BACK: Final = timedelta(seconds=10)


class Window(NamedTuple):
    """A time of the day in Japan when the desk is open, up to the moment *closes* and not at it."""

    opens: time
    closes: time


Windows = tuple[Window, ...]
"""Those of one day, in their order, none over another; of a day on which the desk is closed there are none."""


class MonthDay(NamedTuple):
    """A day of every year."""

    month: int
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The hours and the promises of the agency's desk (資料請求窓口).

    `week`: from Monday to Sunday; at least one day has a window. `extra_days` are open whatever all else says of them.
    `first_answer`: the business time until a person calls back. `reply_days`: the business days until a person answers
    a referral; the form and the mails promise the same. `next_try`: the business time until a customer who was not
    reached is called again. `take_back`: how long staff can take back what goes out to the customer.
    """

    week: tuple[Windows, ...]
    closed_every_year: frozenset[MonthDay]
    closed: frozenset[date]
    extra_days: Mapping[date, Windows]
    first_answer: timedelta
    reply_days: int
    next_try: timedelta = NEXT_TRY
    take_back: timedelta = TAKE_BACK

    @property
    def reply_within(self) -> str:
        """`reply_days` in the words of the promise."""
        return f"{self.reply_days}営業日以内"
