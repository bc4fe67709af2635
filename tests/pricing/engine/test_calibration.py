"""The neutral point of the tariff: published premiums are for it, and nothing may be hidden there.

tests/pricing/actuary/test_compare.py checks that each published premium is reproduced, with the tool that prints it.
"""

from pricing.engine.price import price
from pricing.engine.result import Offered
from tests.pricing.builders import TARIFF, answers


def test_half_of_the_controls_in_place_is_the_neutral_point() -> None:
    """All factors of the published cases but those of turnover and limits are 1: no second factor is hidden."""
    result = price(answers(), TARIFF)

    assert isinstance(result, Offered)
    assert {working.factor for working in result.workings if working.factor is not None} == {1}
