"""What a report makes of two columns of premiums."""

import numpy as np

from pricing.actuary.impact.changes import LARGEST
from pricing.actuary.impact.rerate import Rerated
from pricing.actuary.impact.summary import Summary, summarize
from pricing.tariff import Asked

TRADE = {
    "industry": Asked(key="industry", name="業種", kind="choice", choices={"retail": "小売業", "it": "情報サービス業"})
}


def summary_of(before: list[int], after: list[int], trades: list[int] | None = None) -> Summary:
    codes = np.array(trades or [0] * len(before), dtype=np.int16)
    book = Rerated(
        before=np.array(before, dtype=np.int64), after=np.array(after, dtype=np.int64), segments={"industry": codes}
    )
    return summarize(book, TRADE)


def test_those_who_pay_less_and_those_who_pay_more_are_counted_apart() -> None:
    summary = summary_of([100_000, 100_000, 100_000, 100_000, 200_000], [90_000, 95_000, 100_000, 101_000, 300_000])

    assert summary.lower is not None
    assert summary.higher is not None
    assert (summary.lower.count, summary.lower.mean_yen, summary.lower.median_yen) == (2, -7_500, -7_500)
    assert (summary.lower.largest_yen, summary.lower.largest_share) == (-10_000, -1_000)
    assert (summary.higher.count, summary.higher.mean_yen, summary.higher.largest_yen) == (2, 50_500, 100_000)
    assert (summary.higher.mean_share, summary.higher.largest_share) == (2_550, 5_000)
    assert (summary.whole.lower, summary.whole.same, summary.whole.higher) == (2, 1, 2)


def test_a_referral_is_neither_a_rise_nor_a_fall() -> None:
    summary = summary_of([100_000, -1, -1, 50_000], [-1, 100_000, -1, 60_000])

    whole = summary.whole
    assert (whole.newly_referred, whole.no_longer_referred, whole.referred, whole.priced) == (1, 1, 1, 1)
    assert (whole.before, whole.after, whole.share) == (50_000, 60_000, 2_000)
    assert (summary.all_before, summary.all_after) == (150_000, 160_000)
    assert sum(item.count for item in summary.histogram) == 1


def test_a_premium_of_nothing_has_no_share_to_rise_by() -> None:
    summary = summary_of([0, 0, 100], [50, 0, 110])

    assert summary.free_before == 2
    assert sum(item.count for item in summary.histogram) == 1


def test_a_trade_has_its_own_line() -> None:
    summary = summary_of([100, 100, 200, -1], [110, 110, 190, -1], [0, 0, 1, 2])

    ((name, groups),) = summary.by_segment
    assert name == "業種"
    assert [(group.name, group.before, group.after, group.share) for group in groups] == [
        ("小売業", 200, 220, 1_000),
        ("情報サービス業", 200, 190, -500),
        ("回答なし・選択肢外", 0, 0, None),
    ]


def test_the_largest_moves_come_first_and_are_not_too_many() -> None:
    before = [100_000] * 50
    after = [100_000 + 1_000 * step for step in range(-25, 25)]

    summary = summary_of(before, after)

    assert len(summary.most_lower) == len(summary.most_higher) == LARGEST
    assert (summary.most_lower[0].place, summary.most_lower[0].share) == (1, -2_500)
    assert (summary.most_higher[0].place, summary.most_higher[0].share) == (50, 2_400)


def test_totals_are_exact_beyond_what_one_column_holds() -> None:
    summary = summary_of([999_999_999_999] * 3_000, [999_999_999_998] * 3_000)

    assert summary.whole.before - summary.whole.after == 3_000
