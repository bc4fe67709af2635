"""Amounts and dates as people write them."""

from datetime import UTC, date, datetime

import pytest

from services.notify.domain import wording


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "0円"),
        (9_999, "9,999円"),
        (10_000, "1万円"),
        (100_000, "10万円"),
        (30_000_000, "3,000万円"),
        (100_000_000, "1億円"),
        (150_000_000, "1億5,000万円"),
        (123_456_000, "123,456,000円"),
        (1_000_000_000_000, "10,000億円"),
    ],
)
def test_limits_are_written_as_they_are_spoken(amount: int, words: str) -> None:
    assert wording.round_yen(amount) == words


def test_no_deductible_is_said_in_a_word() -> None:
    assert wording.deductible(0) == "なし"
    assert wording.deductible(100_000) == "10万円"


def test_a_turnover_is_said_in_yen_and_in_thousands() -> None:
    assert wording.turnover(500_000) == "5億円(500,000千円)"


def test_dates_are_those_of_japan() -> None:
    """The evening of the 22nd in London is the morning of the 23rd in Tokyo."""
    moment = datetime(2026, 11, 22, 15, 5, tzinfo=UTC)

    assert wording.day(moment) == "2026年11月23日"
    assert wording.minute(moment) == "2026年11月23日 0時05分"
    assert wording.day(date(2026, 12, 1)) == "2026年12月1日"
