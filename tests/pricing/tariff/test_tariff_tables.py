"""The lookups by themselves: exact at the points, straight between them, silent outside."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.tariff import Asked, Curve

LINE = Curve(points=(0, 3), values=(0, 1_000_000))


@pytest.mark.parametrize(
    ("x", "value"),
    [
        pytest.param(0, "0.000000", id="at the first point"),
        pytest.param(1, "0.333333", id="a third, down"),
        pytest.param(2, "0.666667", id="two thirds, up"),
        pytest.param(3, "1.000000", id="at the last point"),
    ],
)
def test_a_value_between_points_is_the_nearest_millionth(x: int, value: str) -> None:
    assert LINE.at(x) == Decimal(value)


def test_half_a_millionth_goes_up() -> None:
    assert Curve((0, 2), (0, 1)).at(1) == Decimal("0.000001")


@pytest.mark.parametrize("x", [-1, 4])
def test_outside_its_points_a_curve_says_nothing(x: int) -> None:
    assert LINE.at(x) is None


POINTS = st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**8)), min_size=2, unique_by=lambda p: p[0])


@given(POINTS, st.integers(0, 10**9))
def test_a_curve_is_never_further_than_half_a_millionth_from_the_straight_line(
    points: list[tuple[int, int]], x: int
) -> None:
    points.sort()
    curve = Curve(tuple(p[0] for p in points), tuple(p[1] for p in points))

    found = curve.at(x)

    if not points[0][0] <= x <= points[-1][0]:
        assert found is None
        return
    (x0, y0), (x1, y1) = next((a, b) for a, b in pairwise(points) if a[0] <= x <= b[0])
    line = y0 + Fraction((y1 - y0) * (x - x0), x1 - x0)
    assert found is not None
    assert abs(Fraction(found) * 1_000_000 - line) <= Fraction(1, 2)


LIMIT = Asked(key="limit", name="限度額", kind="amount", choices={0: "なし", 100: "100円"})
TICKS = Asked(
    key="held",
    name="認証",
    kind="multi",
    choices={"isms": "ISMS", "other": "その他", "none": "なし"},
    exclusive="none",
)
TURNOVER = Asked(key="turnover", name="売上高", kind="thousand_yen", choices={}, unit="千円")


@pytest.mark.parametrize(
    ("question", "value"),
    [
        pytest.param(LIMIT, False, id="false is not nought"),
        pytest.param(LIMIT, 100.0, id="a float is no amount"),
        pytest.param(LIMIT, "100", id="nor is text"),
        pytest.param(LIMIT, [100], id="nor a list"),
        pytest.param(LIMIT, 50, id="nor another amount"),
        pytest.param(TURNOVER, True, id="true is no turnover"),
        pytest.param(TURNOVER, 1.0, id="nor is a float"),
        pytest.param(TICKS, "isms", id="one tick is still a list"),
        pytest.param(TICKS, ["isms", "soc2"], id="a tick that is not offered"),
        pytest.param(TICKS, [["isms"]], id="a list in a list"),
    ],
)
def test_what_a_question_does_not_offer_is_no_answer(question: Asked, value: object) -> None:
    assert question.read(value) is None


def test_ticks_count_once_whatever_their_order() -> None:
    assert TICKS.read(["other", "isms", "isms"]) == ["isms", "other"]


def test_none_together_with_another_tick_is_a_contradiction() -> None:
    assert TICKS.contradicts_itself(["isms", "none"])
    assert not TICKS.contradicts_itself(["none"])
    assert not TICKS.contradicts_itself(["isms", "other"])


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        pytest.param(LIMIT, 100, "100円", id="a choice by its label"),
        pytest.param(LIMIT, 0, "なし", id="nought by its label"),
        pytest.param(TURNOVER, 500_000, "500,000千円", id="a number with its unit"),
        pytest.param(TICKS, ["isms", "other"], "ISMS・その他", id="ticks side by side"),
    ],
)
def test_an_answer_is_told_in_words(question: Asked, answer: str | int | list[str], words: str) -> None:
    assert question.words(answer) == words
