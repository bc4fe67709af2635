"""How deductibles and moments are written for people: dates in Japan."""

from datetime import date, datetime
from typing import Final

from shared.clock import JST, spoken_day
from shared.yen import spoken_yen

_BEFORE_REIWA: Final = 2018
"""The first year of 令和 is 2019; no quote is older."""


def deductible(amount: int) -> str:
    """What the insured bears; 0 is written as a word."""
    return spoken_yen(amount) if amount else "なし"


def jst_date(moment: datetime) -> date:
    """The day that it is in Japan."""
    return moment.astimezone(JST).date()


def day(moment: date) -> str:
    """`2026年12月23日`; a moment counts as the day that it is in Japan."""
    if isinstance(moment, datetime):
        moment = jst_date(moment)
    return spoken_day(moment)


def day_with_era(moment: date) -> str:
    """`2026年12月23日(令和8年)`: papers are filed by either."""
    local = jst_date(moment) if isinstance(moment, datetime) else moment
    return f"{day(local)}(令和{local.year - _BEFORE_REIWA}年)"


def minute(moment: datetime) -> str:
    """`2026年11月23日 10時02分`."""
    local = moment.astimezone(JST)
    return f"{day(local)} {local.hour}時{local.minute:02d}分"
