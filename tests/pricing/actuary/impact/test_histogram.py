"""How many premiums change by how much."""

import numpy as np
import pytest

from pricing.actuary.impact.histogram import histogram


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

    classes = list(histogram(column, np.array([after - before], dtype=np.int64)))

    assert [item.label for item in classes if item.count] == [label]


def test_every_premium_is_in_one_class() -> None:
    chance = np.random.Generator(np.random.PCG64(1))
    before, after = chance.integers(1, 500_000, 5_000), chance.integers(1, 500_000, 5_000)

    classes = list(histogram(before, after - before))

    assert sum(item.count for item in classes) == 5_000
    assert len(classes) == 17
