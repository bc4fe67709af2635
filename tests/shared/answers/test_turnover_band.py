import pytest

from shared.answers.turnover_band import turnover_band


@pytest.mark.parametrize(
    ("turnover", "band"),
    [
        (0, "under-1oku"),
        (99_999, "under-1oku"),
        (100_000, "1-5oku"),
        (500_000, "5-10oku"),
        (1_000_000, "10-50oku"),
        (5_000_000, "50-100oku"),
        (9_999_999, "50-100oku"),
        (10_000_000, "100oku-"),
    ],
)
def test_a_turnover_falls_into_the_band_that_begins_with_it(turnover: int, band: str) -> None:
    assert turnover_band(turnover) == band
