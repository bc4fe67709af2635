"""Amounts as people in Japan write them, in one way everywhere."""

import pytest

from shared.yen import spoken_yen, turnover, yen


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        pytest.param(0, "0円", id="nothing"),
        pytest.param(9_999, "9,999円", id="below one man"),
        pytest.param(10_000, "1万円", id="one man"),
        pytest.param(100_000, "10万円", id="a deductible"),
        pytest.param(30_000_000, "3,000万円", id="a limit in man"),
        pytest.param(100_000_000, "1億円", id="a limit"),
        pytest.param(150_000_000, "1億5,000万円", id="both units"),
        pytest.param(123_456_000, "1億2,345万6,000円", id="an odd amount"),
        pytest.param(1_234_567_000, "12億3,456万7,000円", id="a turnover to the thousand"),
        pytest.param(1_000_000_000_000, "1兆円", id="a very large turnover"),
    ],
)
def test_large_amounts_are_spoken_in_man_oku_and_cho(amount: int, words: str) -> None:
    assert spoken_yen(amount) == words


def test_a_premium_is_written_to_the_last_yen() -> None:
    assert yen(61_640) == "61,640円"


def test_a_turnover_is_said_in_thousands_and_in_yen() -> None:
    assert turnover(500_000) == "500,000千円（5億円）"
