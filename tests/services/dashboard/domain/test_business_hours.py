"""What holds for whatever hours an agency has."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.domain.business_hours import BusinessHours
from shared.clock import JST
from shared.products.desk import Desk, MonthDay, Window
from shared.products.national_holidays import NationalHolidays, load_national_holidays

OFFICE: Final = (Window(time(9), time(12)), Window(time(13), time(17)))
TICK: Final = timedelta.resolution


def hours(
    *week: tuple[Window, ...],
    closed: frozenset[date] = frozenset(),
    extra: dict[date, tuple[Window, ...]] | None = None,
) -> BusinessHours:
    """Those of *week*, from Monday on; the days after it are closed."""
    desk = Desk(
        week=(*week, *((),) * (7 - len(week))),
        closed_every_year=frozenset({MonthDay(12, 30), MonthDay(1, 1)}),
        closed=closed,
        extra_days=extra or {},
        first_answer=timedelta(hours=1),
        reply_days=2,
    )
    return BusinessHours(desk=desk, holidays=load_national_holidays())


def windows(minutes: list[int]) -> tuple[Window, ...]:
    opened = [time(*divmod(minute, 60)) for minute in sorted(minutes)]
    return tuple(Window(opens, closes) for opens, closes in zip(opened[::2], opened[1::2], strict=False))


DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  hypothesis adds the zone
TIMES = st.timedeltas(TICK, timedelta(hours=100))
WINDOWS = st.lists(st.integers(0, 24 * 60 - 1), unique=True, max_size=6).map(windows)
OPEN_DAY = st.lists(st.integers(0, 24 * 60 - 1), unique=True, min_size=2, max_size=6).map(windows)


@st.composite
def business_hours(draw: st.DrawFn) -> BusinessHours:
    week = draw(st.permutations([draw(OPEN_DAY), *draw(st.lists(WINDOWS, min_size=6, max_size=6))]))
    return hours(
        *week,
        closed=draw(st.frozensets(DAYS, max_size=5)),
        extra=draw(st.dictionaries(DAYS, OPEN_DAY, max_size=3)),
    )


@given(business_hours(), MOMENTS, TIMES, TIMES)
def test_time_after_time_is_the_sum_of_both(
    desk: BusinessHours, moment: datetime, one: timedelta, two: timedelta
) -> None:
    in_steps = desk.add_business_time(desk.add_business_time(moment, one), two)

    assert in_steps == desk.add_business_time(moment, one + two)


@given(business_hours(), MOMENTS, MOMENTS, TIMES, TIMES)
def test_what_comes_later_or_takes_longer_is_due_later(
    desk: BusinessHours, one: datetime, two: datetime, short: timedelta, long: timedelta
) -> None:
    (earlier, later), (short, long) = sorted((one, two)), sorted((short, long))

    due = desk.add_business_time(earlier, short)

    assert earlier < due <= desk.add_business_time(later, short)
    assert due <= desk.add_business_time(earlier, long)


@given(business_hours(), MOMENTS, TIMES)
def test_a_deadline_is_a_moment_up_to_which_the_desk_was_open(
    desk: BusinessHours, moment: datetime, span: timedelta
) -> None:
    assert desk.is_open(desk.add_business_time(moment, span) - TICK)


@given(business_hours(), MOMENTS, TIMES)
def test_the_business_time_up_to_a_deadline_is_what_was_added(
    desk: BusinessHours, moment: datetime, span: timedelta
) -> None:
    assert desk.business_time_between(moment, desk.add_business_time(moment, span)) == span


@given(business_hours(), st.lists(MOMENTS, min_size=3, max_size=3))
def test_business_time_is_the_sum_of_its_parts(desk: BusinessHours, moments: list[datetime]) -> None:
    one, two, three = sorted(moments)

    parts = desk.business_time_between(one, two) + desk.business_time_between(two, three)

    assert timedelta() <= parts == desk.business_time_between(one, three) <= three - one


@given(business_hours(), MOMENTS, MOMENTS, st.integers(0, 10))
def test_a_business_day_ends_when_the_desk_closes_for_the_day(
    desk: BusinessHours, one: datetime, two: datetime, days: int
) -> None:
    earlier, later = sorted((one, two))

    end = desk.end_of_business_day(earlier, days)

    assert earlier < end <= desk.end_of_business_day(later, days)
    assert end < desk.end_of_business_day(earlier, days + 1)
    assert desk.is_open(end - TICK)
    assert not desk.is_open(end)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        pytest.param("2026-11-26 08:59:59", False, id="before opening"),
        pytest.param("2026-11-26 09:00:00", True, id="at the moment of opening"),
        pytest.param("2026-11-26 12:00:00", False, id="at the first moment of lunch"),
        pytest.param("2026-11-26 16:59:59", True, id="at the last second"),
        pytest.param("2026-11-26 17:00:00", False, id="at the moment of closing"),
        pytest.param("2026-11-28 10:00:00", False, id="on Saturday"),
        pytest.param("2026-09-22 10:00:00", False, id="on 国民の休日"),
        pytest.param("2026-12-30 10:00:00", False, id="on a day that is closed every year"),
    ],
)
def test_the_desk_is_open_from_the_first_moment_of_a_window_up_to_its_last(moment: str, is_open: bool) -> None:  # noqa: FBT001  a row of the table
    desk = hours(OFFICE, OFFICE, OFFICE, OFFICE, OFFICE)

    assert desk.is_open(datetime.fromisoformat(f"{moment}+09:00")) is is_open


def test_the_time_up_to_an_earlier_moment_is_none() -> None:
    """The two moments are of two hosts, whose clocks may differ."""
    desk, noon = hours(OFFICE), datetime(2026, 11, 30, 2, tzinfo=UTC)

    assert desk.business_time_between(noon, noon - timedelta(days=30)) == timedelta()


@pytest.mark.parametrize("year", [2024, 2025], ids=["a leap year", "another"])
def test_the_last_day_of_a_year_counts(year: int) -> None:
    """Years are added up, and those with 366 days have one more to add."""
    eve, new_year = (datetime(*day, tzinfo=JST).astimezone(UTC) for day in ((year, 12, 31), (year + 1, 1, 1)))

    assert hours(*[OFFICE] * 7).business_time_between(eve, new_year) == timedelta(hours=7)


@pytest.mark.parametrize("span", [timedelta(), -TICK])
def test_no_deadline_is_before_what_it_is_a_deadline_of(span: timedelta) -> None:
    with pytest.raises(ValueError, match="time passes forwards"):
        hours(OFFICE).add_business_time(datetime(2026, 11, 30, tzinfo=UTC), span)


def test_after_the_list_of_holidays_a_deadline_is_known_to_be_uncertain() -> None:
    """The list ends with a day of Japan; what is counted after it may be early, and the page can say so."""
    desk = BusinessHours(desk=hours(OFFICE).desk, holidays=NationalHolidays(frozenset(), date(2027, 12, 31)))
    new_year = datetime(2028, 1, 1, tzinfo=JST).astimezone(UTC)

    assert desk.knows(new_year - TICK)
    assert not desk.knows(new_year)
