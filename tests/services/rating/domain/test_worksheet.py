from decimal import Decimal

from pricing.engine.price import price
from services.rating.domain.worksheet import Worksheet
from tests.pricing.builders import TARIFF, answers


def test_money_is_exact_all_the_way() -> None:
    """The worksheet has the digits as text: nothing on its way through JSON and back is a binary fraction."""
    opened = Worksheet.of(price(answers(turnover=550_001), TARIFF)).model_dump(mode="json")

    assert all(Decimal(step["amount"]) == Decimal(step["amount"]).normalize() for step in opened["workings"])
    assert not any(isinstance(value, float) for step in opened["workings"] for value in step.values())
