"""Time as the desk counts it: only while it is open. Deadlines are made of this (docs/adr/0016-business-hours.md).

Moments come in and go out with their time zone, go out in UTC, and days are those of Japan. A window is open from its
first moment up to its last, which is the moment of closing and no longer open.
"""

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice

from shared.clock import JST
from shared.products.desk import Desk, MonthDay
from shared.products.national_holidays import NationalHolidays

_DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """The hours of one product's desk.

    After `holidays.last` no national holiday is known: see `knows`.
    """

    desk: Desk
    holidays: NationalHolidays
    _days: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The windows of the days that were asked for: a rebuild asks 200,000 times for a few hundred days."""
    _years: dict[int, list[timedelta]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is at the desk."""
        return any(opens <= moment < closes for opens, closes in self._windows(moment.astimezone(JST).date()))

    def knows(self, moment: datetime) -> bool:
        """Whether the national holidays up to *moment* have been published.

        A deadline after that may be early by the holidays on its way, and never late: no customer is kept waiting.
        """
        return moment.astimezone(JST).date() <= self.holidays.last

    def add_business_time(self, moment: datetime, time: timedelta) -> datetime:
        """The first moment by which the desk has been open for *time* since *moment*.

        It may be the closing moment of a window. Raises `ValueError` when *time* is not above zero.
        """
        if time <= timedelta():
            raise ValueError("time passes forwards")
        left = time
        for windows in self._business_days(moment):
            for opens, closes in windows:
                begins = max(opens, moment)
                if closes - begins >= left:
                    return (begins + left).astimezone(UTC)
                left -= max(closes - begins, timedelta())
        raise AssertionError("there is always another business day")

    def end_of_business_day(self, moment: datetime, days: int) -> datetime:
        """The last moment that is within *days* business days (営業日以内) of *moment*: when the desk closes that day.

        The day of receipt is not counted (民法 第140条). What comes after closing, or on a day without hours, is
        received on the next business day. The last day ends with the business hours (民法 第484条第2項).
        """
        last_day = next(islice(self._business_days(moment), days, None))
        return last_day[-1][1]

    def business_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How long the desk is open between the two; zero when *end* is not after *start*."""
        if end <= start:
            return timedelta()
        first, last = start.astimezone(JST), end.astimezone(JST)
        years = sum((self._before_days_of(year)[-1] for year in range(first.year, last.year)), timedelta())
        return years + self._since_new_year(last) - self._since_new_year(first)

    def _business_days(self, moment: datetime) -> Iterator[tuple[Span, ...]]:
        """The windows of each day on which the desk is open, from the first that has not closed yet at *moment*."""
        day = moment.astimezone(JST).date()
        while True:
            windows = self._windows(day)
            if windows and windows[-1][1] > moment:
                yield windows
            day += _DAY

    def _since_new_year(self, moment: datetime) -> timedelta:
        """The business time of the year of *moment*, which is in Japan's time zone, up to it."""
        today = (min(closes, moment) - opens for opens, closes in self._windows(moment.date()) if opens < moment)
        return sum(today, self._before_days_of(moment.year)[moment.timetuple().tm_yday - 1])

    def _before_days_of(self, year: int) -> list[timedelta]:
        """The business time of *year* before each of its days, and at last that of the whole year."""
        known = self._years.get(year)
        if known is None:
            days = (date(year, 1, 1) + number * _DAY for number in range(365 + isleap(year)))
            of_days = (sum((closes - opens for opens, closes in self._windows(day)), timedelta()) for day in days)
            known = self._years[year] = list(accumulate(of_days, initial=timedelta()))
        return known

    def _windows(self, day: date) -> tuple[Span, ...]:
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self._windows_on(day)
        return known

    def _windows_on(self, day: date) -> tuple[Span, ...]:
        desk = self.desk
        if day in desk.extra_days:
            windows = desk.extra_days[day]
        elif day in desk.closed or day in self.holidays.days or MonthDay(day.month, day.day) in desk.closed_every_year:
            windows = ()
        else:
            windows = desk.week[day.weekday()]
        return tuple(
            (datetime.combine(day, opens, JST).astimezone(UTC), datetime.combine(day, closes, JST).astimezone(UTC))
            for opens, closes in windows
        )
