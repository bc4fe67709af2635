"""Nothing can be left out of the tariff unnoticed. A sample here; `python -m tests.pricing.actuary.mutations` does all.

A table that is one row shorter must be reported by the loader, by lint, or by a golden case with another premium.
"""

from typing import Final

import pytest

from tests.pricing.actuary.mutations import Mutation, noticed_by, omissions, rises, sample, swaps

BENIGN: Final = {"3 % up tables.turnover_curve.follows.within"}
"""A tolerance of 0.30 % or of 0.31 %: no premium moves."""


def by_name(mutation: Mutation) -> str:
    return mutation.name


@pytest.mark.parametrize("mutation", sample(omissions(), 4), ids=by_name)
def test_nothing_can_be_left_out_unnoticed(mutation: Mutation) -> None:
    assert noticed_by(mutation)


@pytest.mark.parametrize("mutation", sample(rises(), 6), ids=by_name)
def test_a_figure_three_percent_up_is_noticed(mutation: Mutation) -> None:
    assert noticed_by(mutation) or mutation.name in BENIGN


@pytest.mark.parametrize("mutation", sample(swaps(), 6), ids=by_name)
def test_two_rows_swapped_are_noticed(mutation: Mutation) -> None:
    assert noticed_by(mutation)
