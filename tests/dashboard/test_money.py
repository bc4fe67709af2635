"""Sums as an office writes them."""

import pytest

from services.dashboard.domain.money import round_yen, yen


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        pytest.param(0, "0円", id="nothing"),
        pytest.param(9_999, "9,999円", id="below one man"),
        pytest.param(100_000, "10万円", id="a deductible"),
        pytest.param(100_000_000, "1億円", id="a limit"),
        pytest.param(150_000_000, "1億5,000万円", id="both units"),
        pytest.param(1_234_567_000, "12億3,456万7,000円", id="a turnover to the thousand"),
        pytest.param(1_000_000_000_000, "1兆円", id="a very large turnover"),
    ],
)
def test_large_sums_are_spoken_in_man_and_oku(amount: int, words: str) -> None:
    assert round_yen(amount) == words


def test_a_premium_is_written_to_the_last_yen() -> None:
    assert yen(61_640) == "61,640円"
