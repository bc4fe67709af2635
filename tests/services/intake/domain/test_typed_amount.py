"""Amounts in words, as people type them; a wrong unit is a wrong premium."""

from decimal import Decimal

import pytest

from services.intake.domain.typed_amount import from_words


@pytest.mark.parametrize(
    ("typed", "yen"),
    [
        ("3億円", 300_000_000),
        ("3.5億", 350_000_000),
        ("12億3456万円", 1_234_560_000),
        ("5千万円", 50_000_000),
        ("500百万円", 500_000_000),
        ("500000千円", 500_000_000),
        ("1兆2億円", 1_000_200_000_000),
        ("3億5000円", 300_005_000),
        ("5億5千万", 550_000_000),
        ("1万5千", 15_000),
        ("12億3456.7万円", 1_234_567_000),
        ("1億00万円", 100_000_000),
    ],
)
def test_an_amount_with_its_units_is_understood(typed: str, yen: int) -> None:
    assert from_words(typed) == Decimal(yen)


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("500000", id="no unit"),
        pytest.param("3億5000", id="5,000万円 or 5,000円"),
        pytest.param("5万3億円", id="small before large"),
        pytest.param("5億5億円", id="twice the same unit"),
        pytest.param("億円", id="no figure"),
        pytest.param("3億円くらい", id="words around it"),
    ],
)
def test_what_may_mean_several_amounts_or_none_is_not_guessed(typed: str) -> None:
    assert from_words(typed) is None


@pytest.mark.parametrize(
    "typed", ["5億5千", "1兆5千", "5億500百万円", "1億10000万円", "1.5億5000万円", "1.5億2000万円"]
)
def test_parts_that_do_not_fit_each_other_are_not_added_up(typed: str) -> None:
    """5億5千 is how people say 5億5000万円: it was priced as 5億5000円, a tenth too low, and 1.5億5000万円 as 2億円."""
    assert from_words(typed) is None
