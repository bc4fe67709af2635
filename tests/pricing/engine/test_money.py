from decimal import Decimal, FloatOperation, Inexact, localcontext

import pytest

from pricing.engine.money import EXACT, round_half_up


@pytest.mark.parametrize(
    ("amount", "yen"),
    [
        pytest.param("30004.999999", 30_000, id="just below a half goes down"),
        pytest.param("30005", 30_010, id="a half goes up"),
        pytest.param("30014.9", 30_010, id="to the nearest ten"),
        pytest.param("30015", 30_020, id="a half goes up to an even ten as well, unlike a banker's"),
        pytest.param("1816218", 1_816_220, id="the published formula's own example"),
        pytest.param("0", 0, id="nothing stays nothing"),
    ],
)
def test_a_premium_is_rounded_to_ten_yen_half_up(amount: str, yen: int) -> None:
    assert round_half_up(Decimal(amount), to_yen=10) == yen


def test_an_amount_that_would_lose_a_digit_is_an_error() -> None:
    """Rounding that nobody notices moves premiums: here it cannot happen before the one rounding on purpose."""
    with localcontext(EXACT), pytest.raises(Inexact):
        Decimal(1) / Decimal(3)


def test_a_binary_fraction_never_meets_an_amount() -> None:
    figure = float("0.936")

    with localcontext(EXACT), pytest.raises(FloatOperation):
        Decimal(figure)
