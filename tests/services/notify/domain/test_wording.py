"""Amounts and dates as people write them."""

from datetime import UTC, date, datetime

from services.notify.domain import wording


def test_no_deductible_is_said_in_a_word() -> None:
    assert wording.deductible(0) == "なし"
    assert wording.deductible(100_000) == "10万円"


def test_dates_are_those_of_japan() -> None:
    """The evening of the 22nd in London is the morning of the 23rd in Tokyo."""
    moment = datetime(2026, 11, 22, 15, 5, tzinfo=UTC)

    assert wording.day(moment) == "2026年11月23日"
    assert wording.minute(moment) == "2026年11月23日 0時05分"
    assert wording.day(date(2026, 12, 1)) == "2026年12月1日"


def test_papers_have_the_year_of_the_era_beside_the_date() -> None:
    """New Year's Eve in London is the first day of the next year in Tokyo."""
    assert wording.day_with_era(date(2026, 12, 23)) == "2026年12月23日(令和8年)"
    assert wording.day_with_era(datetime(2026, 12, 31, 15, 0, tzinfo=UTC)) == "2027年1月1日(令和9年)"
