"""The tariff is held to the thirteen premiums that are published (facts: 損保ジャパン's examples, 自己負担 10万円)."""

from typing import Any

import pytest

from services.rating.domain.price import price
from services.rating.domain.quote import Offered
from tests.rating.builders import TARIFF, answers, premium

SMALL: dict[str, Any] = {"liability_limit": 100_000_000, "cost_limit": 30_000_000}
LARGE: dict[str, Any] = {"liability_limit": 500_000_000, "cost_limit": 100_000_000}

PUBLISHED = [
    pytest.param("manufacturing", 500_000, SMALL, 67_000, id="製造 5億 プラン①"),
    pytest.param("manufacturing", 500_000, LARGE, 117_000, id="製造 5億 プラン②"),
    pytest.param("retail", 500_000, SMALL, 93_000, id="小売 5億 プラン①"),
    pytest.param("retail", 500_000, LARGE, 160_010, id="小売 5億 プラン②"),
    pytest.param("wholesale", 500_000, SMALL, 62_000, id="卸売 5億 プラン①"),
    pytest.param("wholesale", 500_000, LARGE, 107_000, id="卸売 5億 プラン②"),
    pytest.param("logistics", 500_000, SMALL, 165_000, id="物流 5億 プラン①"),
    pytest.param("logistics", 500_000, LARGE, 284_000, id="物流 5億 プラン②"),
    pytest.param("restaurant", 500_000, SMALL, 123_000, id="飲食 5億 プラン①"),
    pytest.param("restaurant", 500_000, LARGE, 213_000, id="飲食 5億 プラン②"),
    pytest.param("construction", 500_000, SMALL, 62_000, id="建設 5億 プラン①"),
    pytest.param("construction", 500_000, LARGE, 107_000, id="建設 5億 プラン②"),
    pytest.param("construction", 3_000_000, SMALL, 125_000, id="建設 30億 プラン①"),
    pytest.param("construction", 3_000_000, LARGE, 216_000, id="建設 30億 プラン②"),
    pytest.param("it", 500_000, SMALL, 1_190_000, id="IT 5億 プラン①"),
    pytest.param("it", 500_000, LARGE, 1_828_000, id="IT 5億 プラン②"),
]


def published_case(industry: str, turnover: int, cover: dict[str, Any]) -> dict[str, Any]:
    return answers(industry=industry, turnover=turnover, rider_it="yes" if industry == "it" else "no", **cover)


@pytest.mark.parametrize(("industry", "turnover", "cover", "published_yen"), PUBLISHED)
def test_a_published_premium_is_reproduced_within_one_percent(
    industry: str, turnover: int, cover: dict[str, Any], published_yen: int
) -> None:
    found = premium(published_case(industry, turnover, cover))

    assert abs(found - published_yen) * 100 <= published_yen


def test_half_of_the_controls_in_place_is_the_neutral_point() -> None:
    """All factors of the published cases but those of turnover and limits are 1: nothing is hidden in a second one."""
    result = price(answers(), TARIFF)

    assert isinstance(result, Offered)
    assert {working.factor for working in result.workings if working.factor is not None} == {1}
