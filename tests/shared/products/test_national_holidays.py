"""The list is copied by hand once a year; a day that is wrong would put a deadline on a day when nobody is there."""

from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pytest

from shared.products import ProductError
from shared.products.national_holidays import NationalHolidays, load_national_holidays

DAY = timedelta(days=1)


def monday(year: int, month: int, number: int) -> date:
    """The so many-th Monday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=-first.weekday() % 7 + 7 * (number - 1))


def by_law(year: int) -> set[date]:
    """国民の祝日に関する法律 第2条 and 第3条, as they stand from 2022 on.

    The equinoxes by the usual approximation for 1980 to 2099 (新こよみ便利帳); 暦要項 decides.
    """
    march, september = (int(day + 0.242194 * (year - 1980) - (year - 1980) // 4) for day in (20.8431, 23.2488))
    fixed = (
        (1, 1),
        (2, 11),
        (2, 23),
        (3, march),
        (4, 29),
        (5, 3),
        (5, 4),
        (5, 5),
        (8, 11),
        (9, september),
        (11, 3),
        (11, 23),
    )
    mondays = {monday(year, 1, 2), monday(year, 7, 3), monday(year, 9, 3), monday(year, 10, 2)}
    holidays = {date(year, *day) for day in fixed} | mondays
    substitutes = set()
    for sunday in (day for day in holidays if day.isoweekday() == 7):
        while sunday in holidays:
            sunday += DAY  # noqa: PLW2901  the nearest day after it that is no holiday
        substitutes.add(sunday)
    between = {day + DAY for day in holidays if day + 2 * DAY in holidays and (day + DAY).isoweekday() != 7} - holidays
    return holidays | substitutes | between


def written(folder: Path, text: str) -> Path:
    path = folder / "holidays.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_list_agrees_with_the_law() -> None:
    """A year may have a law of its own, as 2020 and 2021 had. Then the list is right: leave that year out here."""
    listed = {year: set(days) for year, days in groupby(sorted(load_national_holidays().days), lambda day: day.year)}

    assert listed == {year: by_law(year) for year in listed}


def test_the_list_speaks_of_whole_years(tmp_path: Path) -> None:
    path = written(tmp_path, 'source: s\nyears:\n  2026: {"11-23": 勤労感謝の日}\n  2027: {"01-01": 元日}\n')

    assert load_national_holidays(path) == NationalHolidays(
        frozenset({date(2026, 11, 23), date(2027, 1, 1)}), last=date(2027, 12, 31)
    )


@pytest.mark.parametrize(
    ("years", "problem"),
    [
        pytest.param(
            '  2026: {"01-01": 元日}\n  2028: {"01-01": 元日}',
            "4: years.2028: is not the year after the one before",
            id="a gap",
        ),
        pytest.param(
            '  2026: {"01-01": 元日}\n  2027: {}', "4: years.2027: has no day", id="a year that was only begun"
        ),
        pytest.param(
            '  2026:\n    "02-29": 元日',
            "4: years.2026.02-29: day is out of range for month",
            id="a day that the year has not",
        ),
        pytest.param("  {}", "2: years: Dictionary should have at least 1 item after validation, not 0", id="no year"),
    ],
)
def test_a_list_with_a_hole_is_refused(tmp_path: Path, years: str, problem: str) -> None:
    """A year that is not there must never be taken for a year without holidays."""
    path = written(tmp_path, f"source: s\nyears:\n{years}\n")

    with pytest.raises(ProductError) as refused:
        load_national_holidays(path)

    assert str(refused.value) == f"{path}:{problem}"
