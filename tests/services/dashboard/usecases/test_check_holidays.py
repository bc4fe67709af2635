"""A year without a list of holidays is never taken for a year without holidays."""

from datetime import UTC, date, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from services.dashboard.usecases.check_holidays import CheckHolidays
from shared.clock import JST
from shared.products.national_holidays import NationalHolidays


@pytest.mark.parametrize(
    ("left", "said"),
    [
        pytest.param(91, [], id="in time"),
        pytest.param(90, ["national holidays end soon"], id="90 days before"),
        pytest.param(0, ["national holidays end soon"], id="on the last day"),
        pytest.param(-1, ["national holidays unknown"], id="on the day after"),
    ],
)
def test_the_end_of_the_list_is_said_at_every_start(left: int, said: list[str]) -> None:
    start = datetime(2027, 12, 31, 0, 1, tzinfo=JST).astimezone(UTC) - timedelta(days=left)

    with capture_logs() as lines:
        CheckHolidays(NationalHolidays(frozenset(), date(2027, 12, 31)), lambda: start)()

    assert [line["event"] for line in lines] == said
    assert all("2027-12-31" in line["reason"] for line in lines)
