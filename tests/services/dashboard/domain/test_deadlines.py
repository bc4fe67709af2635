"""Deadlines worked out by hand, with a calendar on the table; the code computed no row. All times are Japan's."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import pytest

from services.dashboard.domain.business_hours import BusinessHours
from services.dashboard.domain.deadlines import first_answer_due, referral_due
from shared.clock import JST
from shared.products.desk import Desk, MonthDay, Window
from shared.products.national_holidays import load_national_holidays

_DAY: Final = (Window(time(9), time(12)), Window(time(13), time(17)))
HOURS: Final = BusinessHours(
    desk=Desk(
        week=(_DAY, _DAY, _DAY, _DAY, _DAY, (), ()),
        closed_every_year=frozenset(MonthDay(*day) for day in ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))),
        closed=frozenset({date(2027, 8, 12), date(2027, 8, 13)}),
        extra_days={date(2027, 3, 27): (Window(time(9), time(12)),)},
        first_answer=timedelta(hours=1),
        reply_days=2,
    ),
    holidays=load_national_holidays(),
)
"""9:00-12:00 and 13:00-17:00 from Monday to Friday; an answer within the hour, a price within two business days."""


def japan(text: str) -> datetime:
    """A moment in UTC, written as people in Japan do."""
    return datetime.fromisoformat(text).replace(tzinfo=JST).astimezone(UTC)


def row(sentence: str, comes: str, due: str) -> object:
    return pytest.param(comes, due, id=sentence)


FIRST_ANSWERS = [
    row("in the morning (Thu)", "2026-11-26 10:00:00", "2026-11-26 11:00:00"),
    row("at the moment of opening", "2026-11-26 09:00:00", "2026-11-26 10:00:00"),
    row("a second before opening", "2026-11-26 08:59:59", "2026-11-26 10:00:00"),
    row("at midnight, still the day before in UTC", "2026-11-26 00:00:00", "2026-11-26 10:00:00"),
    row("at the last second of the day before", "2026-11-25 23:59:59", "2026-11-26 10:00:00"),
    row("the hour ends exactly when lunch begins", "2026-11-26 11:00:00", "2026-11-26 12:00:00"),
    row("a second too late for that", "2026-11-26 11:00:01", "2026-11-26 13:00:01"),
    row("lunch in the middle of the hour", "2026-11-26 11:30:00", "2026-11-26 13:30:00"),
    row("the last second before lunch", "2026-11-26 11:59:59", "2026-11-26 13:59:59"),
    row("when lunch begins", "2026-11-26 12:00:00", "2026-11-26 14:00:00"),
    row("during lunch", "2026-11-26 12:30:00", "2026-11-26 14:00:00"),
    row("when lunch ends", "2026-11-26 13:00:00", "2026-11-26 14:00:00"),
    row("the hour ends exactly at closing", "2026-11-26 16:00:00", "2026-11-26 17:00:00"),
    row("a second too late for closing", "2026-11-26 16:00:01", "2026-11-27 09:00:01"),
    row("the last second before closing", "2026-11-26 16:59:59", "2026-11-27 09:59:59"),
    row("at the moment of closing", "2026-11-26 17:00:00", "2026-11-27 10:00:00"),
    row("late on Friday, over the weekend", "2026-11-27 16:30:00", "2026-11-30 09:30:00"),
    row("on Friday at closing", "2026-11-27 17:00:00", "2026-11-30 10:00:00"),
    row("on Saturday", "2026-11-28 11:00:00", "2026-11-30 10:00:00"),
    row("on Sunday at the last second", "2026-11-29 23:59:59", "2026-11-30 10:00:00"),
    row("on Friday before 勤労感謝の日 (Mon)", "2026-11-20 16:45:00", "2026-11-24 09:45:00"),
    row("on 勤労感謝の日 itself", "2026-11-23 10:00:00", "2026-11-24 10:00:00"),
    row("before Golden Week 2026 (Fri), which ends with 振替休日 (Wed)", "2026-05-01 16:30:00", "2026-05-07 09:30:00"),
    row("on 振替休日 that is a Wednesday", "2026-05-06 09:00:00", "2026-05-07 10:00:00"),
    row("before 昭和の日 2027 (Thu): Friday is a business day", "2027-04-28 16:30:00", "2027-04-30 09:30:00"),
    row("before Golden Week 2027 (Fri) at closing", "2027-04-30 17:00:00", "2027-05-06 10:00:00"),
    row("before 敬老の日, 国民の休日 and 秋分の日 in a row", "2026-09-18 16:30:00", "2026-09-24 09:30:00"),
    row("on 国民の休日 between two holidays (Tue)", "2026-09-22 12:00:00", "2026-09-24 10:00:00"),
    row("春分の日 on Sunday: Monday is 振替休日", "2027-03-19 16:59:00", "2027-03-23 09:59:00"),
    row("天皇誕生日 on Sunday: Monday is 振替休日", "2025-02-21 16:10:00", "2025-02-25 09:10:00"),
    row("in the last hour of the year's last day", "2026-12-28 16:00:00", "2026-12-28 17:00:00"),
    row("a quarter of an hour later: over 年末年始", "2026-12-28 16:15:00", "2027-01-04 09:15:00"),
    row("at the last second of the year", "2026-12-31 23:59:59", "2027-01-04 10:00:00"),
    row("at the first moment of the year", "2027-01-01 00:00:00", "2027-01-04 10:00:00"),
    row("before 山の日 (Wed) and the agency's own closure (Thu, Fri)", "2027-08-10 16:30:00", "2027-08-16 09:30:00"),
    row("during the agency's own closure", "2027-08-13 10:00:00", "2027-08-16 10:00:00"),
    row("before a Saturday that is open once", "2027-03-26 16:30:00", "2027-03-27 09:30:00"),
    row("on that Saturday, which has no afternoon", "2027-03-27 11:30:00", "2027-03-29 09:30:00"),
    row("on the day before the leap day", "2024-02-28 16:40:00", "2024-02-29 09:40:00"),
    row("on the leap day (Thu)", "2024-02-29 16:40:00", "2024-03-01 09:40:00"),
]

REFERRALS = [
    row("on Monday morning", "2026-11-30 10:00:00", "2026-12-02 17:00:00"),
    row("on Monday during lunch", "2026-11-30 12:30:00", "2026-12-02 17:00:00"),
    row("at the first moment of Monday, before opening", "2026-11-30 00:00:00", "2026-12-02 17:00:00"),
    row("at the last second before closing", "2026-11-30 16:59:59", "2026-12-02 17:00:00"),
    row("at the moment of closing: received on Tuesday", "2026-11-30 17:00:00", "2026-12-03 17:00:00"),
    row("at the last second of Monday: received on Tuesday", "2026-11-30 23:59:59", "2026-12-03 17:00:00"),
    row("on Thursday: Friday and Monday", "2026-11-26 10:00:00", "2026-11-30 17:00:00"),
    row("on Friday before closing: Monday and Tuesday", "2026-11-27 16:59:59", "2026-12-01 17:00:00"),
    row("on Friday at closing: received on Monday", "2026-11-27 17:00:00", "2026-12-02 17:00:00"),
    row("on Saturday: received on Monday", "2026-11-28 10:00:00", "2026-12-02 17:00:00"),
    row("on Sunday at the last second: received on Monday", "2026-11-29 23:59:59", "2026-12-02 17:00:00"),
    row("on Friday before 勤労感謝の日 (Mon)", "2026-11-20 10:00:00", "2026-11-25 17:00:00"),
    row("one business day before Golden Week 2026", "2026-04-30 10:00:00", "2026-05-07 17:00:00"),
    row("after closing before Golden Week: received on 7 May", "2026-05-01 17:00:00", "2026-05-11 17:00:00"),
    row("before both halves of Golden Week 2027", "2027-04-28 10:00:00", "2027-05-06 17:00:00"),
    row("before 国民の休日", "2026-09-17 10:00:00", "2026-09-24 17:00:00"),
    row("before 振替休日 of 春分の日", "2027-03-19 10:00:00", "2027-03-24 17:00:00"),
    row("between two Mondays that are holidays", "2024-09-19 17:00:00", "2024-09-25 17:00:00"),
    row("on Friday, two days before 年末年始", "2026-12-25 10:00:00", "2027-01-04 17:00:00"),
    row("on the year's last day at closing", "2026-12-28 17:00:00", "2027-01-06 17:00:00"),
    row("before 成人の日 (Mon)", "2027-01-08 10:00:00", "2027-01-13 17:00:00"),
    row("two days before 山の日 and the agency's own closure", "2027-08-09 10:00:00", "2027-08-16 17:00:00"),
    row("during the agency's own closure", "2027-08-12 10:00:00", "2027-08-18 17:00:00"),
    row("the second day is a Saturday that is open once, until noon", "2027-03-25 10:00:00", "2027-03-27 12:00:00"),
    row("over the leap day", "2024-02-28 10:00:00", "2024-03-01 17:00:00"),
]


@pytest.mark.parametrize(("comes", "due"), FIRST_ANSWERS)
def test_a_person_answers_within_one_hour_of_business(comes: str, due: str) -> None:
    assert first_answer_due(japan(comes), HOURS) == japan(due)


@pytest.mark.parametrize(("comes", "due"), REFERRALS)
def test_a_referral_is_answered_before_closing_on_the_second_business_day(comes: str, due: str) -> None:
    assert referral_due(japan(comes), HOURS) == japan(due)


def test_a_deadline_is_kept_in_utc() -> None:
    """MongoDB gives moments back in UTC; a summary made anew must be equal to the stored one."""
    comes = datetime(2026, 11, 26, 10, tzinfo=JST)

    assert {first_answer_due(comes, HOURS).tzinfo, referral_due(comes, HOURS).tzinfo} == {UTC}
