"""What a customer is advised: what is easily done, and never what costs more than it saves."""

from pricing.engine.price import price
from pricing.engine.result import Offered, Saving
from services.rating.domain.advised import MOST, advised
from services.rating.domain.worksheet import AS_REQUESTED, Worksheet
from shared.products.hints import Hint
from tests.pricing.builders import NOTHING_IN_PLACE, PRODUCT, TARIFF, answers

HINTS = (
    Hint(question="d3_12", effort="low"),
    Hint(question="d3_13", effort="high"),
    Hint(question="d3_22", choice="isms", effort="high", costs=500_000),
)


def a_saving(key: str, saves: int, choice: str = "") -> Saving:
    return Saving(key=key, choice=choice, advice=f"{key}{choice}", premium=100_000 - saves, saves=saves)


def keys_of(savings: tuple[Saving, ...]) -> list[str]:
    return [saving.advice for saving in savings]


def test_what_is_easily_done_comes_first_then_what_saves_most() -> None:
    """A control of which the product says nothing takes a middle effort."""
    savings = (a_saving("d3_13", 900), a_saving("d3_06", 300), a_saving("d3_08", 700), a_saving("d3_12", 100))

    assert keys_of(advised(savings, HINTS)) == ["d3_12", "d3_08", "d3_06"]


def test_no_more_than_three_are_advised() -> None:
    savings = tuple(a_saving(f"d3_0{number}", number) for number in range(1, 9))

    assert len(advised(savings, ())) == MOST
    assert keys_of(advised(savings, ())) == ["d3_08", "d3_07", "d3_06"]


def test_a_certification_is_advised_only_where_it_saves_what_it_costs() -> None:
    assert advised((a_saving("d3_22", 499_999, "isms"),), HINTS) == ()
    assert keys_of(advised((a_saving("d3_22", 500_000, "isms"),), HINTS)) == ["d3_22isms"]
    assert keys_of(advised((a_saving("d3_22", 100, "pmark"),), HINTS)) == ["d3_22pmark"]


def test_what_is_said_of_a_question_counts_for_each_of_its_choices() -> None:
    hints = (Hint(question="d3_22", effort="high", costs=1_000),)

    assert advised((a_saving("d3_22", 999, "pmark"),), hints) == ()


def test_staff_see_every_saving_the_largest_first() -> None:
    result = price(answers(**NOTHING_IN_PLACE), TARIFF)
    assert isinstance(result, Offered)

    worksheet = Worksheet.of(result, hints=PRODUCT.hints)

    told = [saving.advice for saving in worksheet.for_notify(AS_REQUESTED).savings]
    assert [saving.advice for saving in worksheet.for_desk().savings] == keys_of(result.savings)
    assert "ISMS(ISO/IEC 27001)認証の取得" in keys_of(result.savings)
    assert told == [
        "ウイルス対策ソフトと修正プログラムを最新の状態に維持",
        "退職者のID・アクセス権の速やかな削除",
        "情報・機器の持ち出しの管理",
    ]


def test_a_worksheet_of_before_tells_the_largest() -> None:
    """The event of an old quote can be made again from its document."""
    result = price(answers(**NOTHING_IN_PLACE), TARIFF)
    before = Worksheet.of(result).model_copy(update={"advised": None})

    told = before.for_notify(AS_REQUESTED).savings

    assert [saving.advice for saving in told] == [saving.advice for saving in before.savings[:3]]
