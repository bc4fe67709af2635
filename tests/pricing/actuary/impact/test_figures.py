"""What a report says of two columns of premiums."""

import numpy as np
import pytest

from pricing.actuary.impact.figures import LARGEST, Figures, figures_of, histogram
from pricing.actuary.impact.rerate import Rerated
from pricing.tariff import Asked

TRADE = {
    "industry": Asked(key="industry", name="業種", kind="choice", choices={"retail": "小売業", "it": "情報サービス業"})
}


def figures(before: list[int], after: list[int], trades: list[int] | None = None) -> Figures:
    codes = np.array(trades or [0] * len(before), dtype=np.int16)
    book = Rerated(np.array(before, dtype=np.int64), np.array(after, dtype=np.int64), {"industry": codes})
    return figures_of(book, TRADE)


@pytest.mark.parametrize(
    ("before", "after", "label"),
    [
        (100_000, 100_000, "変わらない"),
        (100_000, 100_010, "1%未満の値上がり"),
        (1_000_000, 1_009_990, "1%未満の値上がり"),
        (1_000_000, 1_010_000, "1%以上2%未満の値上がり"),
        (1_000_000, 1_049_990, "2%以上5%未満の値上がり"),
        (1_000_000, 1_050_000, "5%以上10%未満の値上がり"),
        (100_000, 149_990, "30%以上50%未満の値上がり"),
        (100_000, 150_000, "50%以上の値上がり"),
        (100_000, 900_000, "50%以上の値上がり"),
        (1_000_000, 990_010, "1%未満の値下がり"),
        (1_000_000, 990_000, "1%以上2%未満の値下がり"),
        (100_000, 50_000, "50%以上の値下がり"),
        (100_000, 50_010, "30%以上50%未満の値下がり"),
    ],
)
def test_a_change_on_an_edge_belongs_to_the_class_that_begins_there(before: int, after: int, label: str) -> None:
    column = np.array([before], dtype=np.int64)

    found = list(histogram(column, np.array([after - before], dtype=np.int64)))

    assert [one.label for one in found if one.count] == [label]


def test_every_premium_stands_in_one_class() -> None:
    chance = np.random.Generator(np.random.PCG64(1))
    before, after = chance.integers(1, 500_000, 5_000), chance.integers(1, 500_000, 5_000)

    found = list(histogram(before, after - before))

    assert sum(one.count for one in found) == 5_000
    assert len(found) == 17


def test_those_who_pay_less_and_those_who_pay_more_are_told_apart() -> None:
    found = figures([100_000, 100_000, 100_000, 100_000, 200_000], [90_000, 95_000, 100_000, 101_000, 300_000])

    assert found.lower is not None
    assert found.higher is not None
    assert (found.lower.count, found.lower.mean_yen, found.lower.median_yen) == (2, -7_500, -7_500)
    assert (found.lower.largest_yen, found.lower.largest_share) == (-10_000, -1_000)
    assert (found.higher.count, found.higher.mean_yen, found.higher.largest_yen) == (2, 50_500, 100_000)
    assert (found.higher.mean_share, found.higher.largest_share) == (2_550, 5_000)
    assert (found.whole.lower, found.whole.same, found.whole.higher) == (2, 1, 2)


def test_who_is_referred_counts_as_nobodys_rise_or_fall() -> None:
    found = figures([100_000, -1, -1, 50_000], [-1, 100_000, -1, 60_000])

    whole = found.whole
    assert (whole.newly_referred, whole.no_longer_referred, whole.referred, whole.priced) == (1, 1, 1, 1)
    assert (whole.before, whole.after, whole.share) == (50_000, 60_000, 2_000)
    assert (found.all_before, found.all_after) == (150_000, 160_000)
    assert sum(one.count for one in found.histogram) == 1


def test_a_premium_of_nothing_has_no_share_to_rise_by() -> None:
    found = figures([0, 0, 100], [50, 0, 110])

    assert found.free_before == 2
    assert sum(one.count for one in found.histogram) == 1


def test_a_trade_has_its_own_line() -> None:
    found = figures([100, 100, 200, -1], [110, 110, 190, -1], [0, 0, 1, 2])

    ((name, groups),) = found.by_segment
    assert name == "業種"
    assert [(one.name, one.before, one.after, one.share) for one in groups] == [
        ("小売業", 200, 220, 1_000),
        ("情報サービス業", 200, 190, -500),
        ("回答なし・選択肢外", 0, 0, None),
    ]


def test_the_largest_moves_come_first_and_are_not_too_many() -> None:
    before = [100_000] * 50
    after = [100_000 + 1_000 * step for step in range(-25, 25)]

    found = figures(before, after)

    assert len(found.most_lower) == len(found.most_higher) == LARGEST
    assert (found.most_lower[0].place, found.most_lower[0].share) == (1, -2_500)
    assert (found.most_higher[0].place, found.most_higher[0].share) == (50, 2_400)


def test_totals_are_exact_beyond_what_one_column_holds() -> None:
    found = figures([999_999_999_999] * 3_000, [999_999_999_998] * 3_000)

    assert found.whole.before - found.whole.after == 3_000
