"""In which order a visit is asked: by chance, as often as the product says, and always in the same."""

from collections import Counter

import pytest

from services.intake.domain.order import order_for

VISITS = [f"visit-{number}" for number in range(4_000)]


def test_where_the_product_names_one_order_everybody_is_asked_in_it() -> None:
    assert {order_for(visit, {"cover-first": 1}) for visit in VISITS} == {"cover-first"}


@pytest.mark.parametrize(
    ("shares", "of_a_hundred"),
    [
        pytest.param({"insurer": 1, "cover-first": 1}, {"insurer": 50, "cover-first": 50}, id="half and half"),
        pytest.param({"insurer": 9, "cover-first": 1}, {"insurer": 90, "cover-first": 10}, id="one in ten"),
    ],
)
def test_over_many_visits_each_order_has_its_share(shares: dict[str, int], of_a_hundred: dict[str, int]) -> None:
    drawn = Counter(order_for(visit, shares) for visit in VISITS)

    assert {order: round(count * 100 / len(VISITS)) for order, count in drawn.items()} == pytest.approx(
        of_a_hundred, abs=3
    )


def test_a_visit_keeps_its_order_whoever_asks_and_however_often() -> None:
    shares = {"insurer": 1, "cover-first": 1}

    assert [order_for(visit, shares) for visit in VISITS] == [order_for(visit, shares) for visit in VISITS]
