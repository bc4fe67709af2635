"""What the part `desk` of product.yaml may contain, and the hours that follow from it."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, model_validator

from shared.products.desk import NEXT_TRY, TAKE_BACK, Desk, MonthDay, Window, Windows
from shared.products.source import Text

LONGEST_CLOSURE: Final = timedelta(days=60)
"""What is longer is a slip of the pen in a year, and would quietly put every deadline off until then."""

_WINDOW: Final = re.compile(r"([0-9]{1,2}:[0-9]{2})-([0-9]{1,2}:[0-9]{2})")
_MONTH_DAY: Final = re.compile(r"[0-9]{2}-[0-9]{2}")
_LEAP_YEAR: Final = 2000


def _window(value: object) -> Window:
    found = _WINDOW.fullmatch(str(value))
    if not found:
        raise ValueError('is not written as "9:00-12:00"')
    opens, closes = (time.fromisoformat(text.zfill(5)) for text in found.groups())
    if closes <= opens:
        raise ValueError("closes before it opens")
    return Window(opens, closes)


def _in_order(windows: list[Window]) -> list[Window]:
    if any(second.opens < first.closes for first, second in pairwise(windows)):
        raise ValueError("has a window that begins before the one before it has ended")
    return windows


def _day(value: object) -> date:
    return date.fromisoformat(str(value))


def _month_day(value: object) -> MonthDay:
    if not _MONTH_DAY.fullmatch(str(value)):
        raise ValueError('is not written as "12-29"')
    day = date.fromisoformat(f"{_LEAP_YEAR}-{value}")
    return MonthDay(day.month, day.day)


OpenWindows = Annotated[
    list[Annotated[Window, PlainValidator(_window)]], Field(min_length=1), AfterValidator(_in_order)
]
Day = Annotated[date, PlainValidator(_day)]
DayOfEveryYear = Annotated[MonthDay, PlainValidator(_month_day)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class WeekSchema(_Strict):
    """The windows of each weekday; on one that is not named the desk is closed."""

    mon: OpenWindows | None = None
    tue: OpenWindows | None = None
    wed: OpenWindows | None = None
    thu: OpenWindows | None = None
    fri: OpenWindows | None = None
    sat: OpenWindows | None = None
    sun: OpenWindows | None = None

    @model_validator(mode="after")
    def _is_open_some_day(self) -> Self:
        if not any(self.windows()):
            raise ValueError("names no day on which the desk is open")
        return self

    def windows(self) -> tuple[Windows, ...]:
        """From Monday to Sunday."""
        days = (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)
        return tuple(tuple(day or ()) for day in days)


class ClosureSchema(_Strict):
    """Days on which the desk is closed once."""

    first: Day
    last: Day
    reason: Text

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        _check_length(self.first, self.last)
        return self

    def days(self) -> Iterator[date]:
        """Each of them."""
        return _days(self.first, self.last)


class YearlySchema(_Strict):
    """Days on which the desk is closed every year, also over the end of the year."""

    first: DayOfEveryYear
    last: DayOfEveryYear
    reason: Text

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        _check_length(*self._in_a_leap_year())
        return self

    def days(self) -> Iterator[MonthDay]:
        """Each of them."""
        return (MonthDay(day.month, day.day) for day in _days(*self._in_a_leap_year()))

    def _in_a_leap_year(self) -> tuple[date, date]:
        over_the_end = self.last < self.first
        return date(_LEAP_YEAR, *self.first), date(_LEAP_YEAR + over_the_end, *self.last)


class ExtraDaySchema(_Strict):
    """A day on which the desk is open once, whatever else is said of it."""

    day: Day
    hours: OpenWindows
    reason: Text


class PromisesSchema(_Strict):
    """By when a person answers."""

    first_answer_minutes: Annotated[int, Field(ge=1, le=10_000)]
    reply_days: Annotated[int, Field(ge=1, le=20)]
    next_try_minutes: Annotated[int, Field(ge=1, le=10_000)] = NEXT_TRY // timedelta(minutes=1)


class DeskSchema(_Strict):
    """The part `desk`."""

    week: WeekSchema
    closed_every_year: Annotated[list[YearlySchema], Field(max_length=3)] = []
    closures: list[ClosureSchema] = []
    extra_days: list[ExtraDaySchema] = []
    promises: PromisesSchema
    take_back_seconds: Annotated[int, Field(ge=10, le=60)] = TAKE_BACK // timedelta(seconds=1)

    @model_validator(mode="after")
    def _says_one_thing_of_a_day(self) -> Self:
        once = [day for closure in self.closures for day in closure.days()] + [extra.day for extra in self.extra_days]
        if twice := sorted({day for day in once if once.count(day) > 1}):
            raise ValueError(f"says two things of {twice[0]}: name a day once in closures and extra_days")
        return self

    def desk(self) -> Desk:
        """As the services see it."""
        return Desk(
            week=self.week.windows(),
            closed_every_year=frozenset(day for closure in self.closed_every_year for day in closure.days()),
            closed=frozenset(day for closure in self.closures for day in closure.days()),
            extra_days={extra.day: tuple(extra.hours) for extra in self.extra_days},
            first_answer=timedelta(minutes=self.promises.first_answer_minutes),
            reply_days=self.promises.reply_days,
            next_try=timedelta(minutes=self.promises.next_try_minutes),
            take_back=timedelta(seconds=self.take_back_seconds),
        )


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _check_length(first: date, last: date) -> None:
    if last < first:
        raise ValueError("ends before it begins")
    if last - first >= LONGEST_CLOSURE:
        raise ValueError(f"is longer than {LONGEST_CLOSURE.days} days")
