"""Tables that declare a power as their curve."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.actuary.lint.powers import power_of
from pricing.tariff.schema import FollowsSchema
from tests.pricing.actuary.lint.specs import assert_slip_is_found

CURVE = "tables.turnover_curve"
SLIPS = [
    pytest.param(
        '      1_000: "0.086150" # 100万円\n', "", "error", f"{CURVE}.follows.from", "1200", id="the low end left out"
    ),
    pytest.param(
        '      500_000_000: "15.258084"', "      #", "error", f"{CURVE}.follows.to", "400000000", id="the high end"
    ),
    pytest.param(
        '      2_500: "0.123664" # 250万円\n',
        "",
        "error",
        f"{CURVE}.interpolated.3000",
        "off the curve, more than 0.003",
        id="a point left out",
    ),
    pytest.param(
        '"1.203720"',
        '"1.203721"',
        "error",
        f"{CURVE}.interpolated.800000",
        "is 1.203720",
        id="the last digit of a point",
    ),
    pytest.param(
        '      20_000_000: "0.668740"',
        '      20_000_000: "0.668741"',
        "error",
        "tables.liability_limit.exact.20000000",
        "is 0.668740",
        id="the last digit of a row",
    ),
    pytest.param(
        "    reads: cost_deductible # 円\n",
        '    reads: cost_deductible # 円\n    follows: {power: "0.5", one_at: 10_000, from: 10_000, to: 10_000_000}\n',
        "error",
        "tables.cost_deductible.follows",
        "nought",
        id="a power of nought",
    ),
    pytest.param(
        "    reads: rider_fixed_premium\n",
        '    reads: rider_fixed_premium\n    follows: {power: "0.5", one_at: 1, from: 1, to: 2}\n',
        "error",
        "tables.fixed_premium.follows",
        "only amounts",
        id="a power of yes and no",
    ),
    pytest.param(
        '    follows: {power: "0.3945", one_at: 500_000, from: 1_000, to: 500_000_000, within: "0.003"}\n',
        "",
        "warning",
        CURVE,
        "follows nothing",
        id="a curve that follows nothing",
    ),
    pytest.param(', within: "0.003"', "", "warning", f"{CURVE}.follows", "within", id="lines that nothing holds"),
    pytest.param(
        '    follows: {power: "0.12", one_at: 30_000_000, from: 10_000_000, to: 500_000_000}\n',
        "",
        "warning",
        "tables.cost_limit",
        "(x / 30000000) ^ 0.1200",
        id="a power that is not declared",
    ),
    pytest.param(
        "from: 20_000_000, to: 1_000_000_000}",
        'from: 20_000_000, to: 1_000_000_000, within: "0.003"}',
        "warning",
        "tables.liability_limit.follows.within",
        "no straight lines",
        id="lines that are not there",
    ),
]


@pytest.mark.parametrize(("before", "after", "severity", "key", "words"), SLIPS)
def test_a_slip_in_a_curve_is_found(  # noqa: PLR0917  # pytest passes them by name
    tmp_path: Path, before: str, after: str, severity: str, key: str, words: str
) -> None:
    assert_slip_is_found(tmp_path, (before, after), severity, key, words)


def power(of: str, one_at: int) -> FollowsSchema:
    return FollowsSchema.model_validate({"power": of, "one_at": one_at, "from": 1, "to": 2})


@pytest.mark.parametrize(
    ("x", "of", "one_at", "expected"),
    [
        pytest.param(1, "1", 2_000_000, "0.000001", id="exactly a half goes up"),
        pytest.param(999_999, "1", 2_000_000_000_000, "0.000000", id="a hair below it goes down"),
        pytest.param(1, "0.5", 4_000_000_000_000, "0.000001", id="a root that is exactly a half"),
        pytest.param(625, "0.25", 1, "5.000000", id="a root without rest"),
    ],
)
def test_a_power_is_rounded_half_up_to_the_last_digit(x: int, of: str, one_at: int, expected: str) -> None:
    assert power_of(x, power(of, one_at)) == Decimal(expected)


@given(st.integers(1, 10**9), st.sampled_from([(1, 2), (1, 4), (3, 4), (2, 1)]), st.integers(1, 10**9))
def test_a_power_lies_within_half_a_millionth(x: int, of: tuple[int, int], one_at: int) -> None:
    """Held against whole numbers: the nearest millionth is neither half above nor half below."""
    numerator, denominator = of

    millionths = Fraction(power_of(x, power(str(Decimal(numerator) / denominator), one_at)))

    half = Fraction(1, 2_000_000)
    exact = Fraction(x, one_at) ** numerator
    assert max(millionths - half, Fraction()) ** denominator <= exact < (millionths + half) ** denominator
