"""What would lower the premium: priced for real, so it is neither a guess nor a promise."""

from itertools import pairwise
from typing import Any

from hypothesis import given

from pricing.engine.price import price
from pricing.engine.result import Offered, Saving
from tests.pricing.builders import (
    ALL_IN_PLACE,
    CHECKED,
    NOTHING_IN_PLACE,
    PRICEABLE,
    TARIFF,
    WITHOUT_AUTHORITY,
    answers,
    premium,
)

SUBS = {"d3_01": ("d3_01_a", "d3_01_b", "d3_01_c"), "d3_02": ("d3_02_a",), "d4_2": ("d4_2_a",)}


def savings(**changes: object) -> dict[str, Saving]:
    """By question; certifications by their advice."""
    result = price(answers(**changes), TARIFF)
    assert isinstance(result, Offered)
    return {saving.advice if saving.key == "d3_22" else saving.key: saving for saving in result.savings}


def test_each_control_that_is_missing_shows_the_yen_it_would_save() -> None:
    found = savings()["d3_14"]

    assert (found.premium, found.saves) == (88_350, 92_800 - 88_350)
    assert found.advice == "危機管理計画とバックアップの整備"


def test_not_knowing_counts_as_missing() -> None:
    assert savings(d3_14="unknown")["d3_14"] == savings(d3_14="no")["d3_14"]


def test_the_largest_saving_comes_first() -> None:
    result = price(answers(**NOTHING_IN_PLACE), TARIFF)

    assert isinstance(result, Offered)
    assert all(before.saves >= after.saves for before, after in pairwise(result.savings))
    assert result.savings[0].advice == "ISMS(ISO/IEC 27001)認証の取得"


def test_what_is_in_place_saves_nothing_more() -> None:
    assert "d3_08" not in savings()


def test_whoever_has_everything_is_advised_nothing() -> None:
    assert savings(**ALL_IN_PLACE, d3_22=["isms", "pmark", "truste"]) == {}


def test_the_minimum_premium_leaves_nothing_to_save() -> None:
    """Nobody is advised to spend money on a control that does not lower the minimum premium."""
    assert savings(turnover=1_000, **NOTHING_IN_PLACE) == {}


def test_a_cap_that_binds_is_kept() -> None:
    """With ISMS and the P-mark the certifications are at their cap: a third one saves nothing."""
    assert "TRUSTeの認証の取得" not in savings(d3_22=["isms", "pmark"])


def test_handing_work_out_is_advised_a_contract_not_an_end_to_business() -> None:
    assert savings(d3_15="yes", d3_15_a="no")["d3_15"].advice == "委託先・受託元との契約書で情報の取扱いを定めること"
    assert "d3_15" not in savings(d3_15="yes", d3_15_a="yes")


def test_controls_of_the_it_rider_count_only_with_it() -> None:
    assert "d4_4" not in savings(d4_4="no")
    assert "d4_4" in savings(d4_4="no", rider_it="yes")


@CHECKED
@given(PRICEABLE)
def test_every_saving_is_what_asking_again_would_bring(case: dict[str, Any]) -> None:
    """A sub-question that the better answer opens counts as no: more would be guessing."""
    result = price(case, WITHOUT_AUTHORITY)

    assert isinstance(result, Offered)
    for saving in result.savings:
        assert saving.saves > 0
        if saving.key in ("d3_22", "d4_7"):
            continue
        better = "no" if saving.key == "d3_15" else "yes"
        opened = dict.fromkeys(SUBS.get(saving.key, ()), "no")
        again = premium({**case, **opened, saving.key: better}, WITHOUT_AUTHORITY)
        assert (saving.premium, saving.saves) == (again, result.premium_yen - again)


@CHECKED
@given(PRICEABLE)
def test_no_control_that_would_save_something_is_left_out(case: dict[str, Any]) -> None:
    result = price(case, WITHOUT_AUTHORITY)

    assert isinstance(result, Offered)
    told = {saving.key for saving in result.savings}
    for key in ("d3_05", "d3_06", "d3_07", "d3_08", "d3_13"):
        again = premium({**case, key: "yes"}, WITHOUT_AUTHORITY)
        assert (key in told) == (again < result.premium_yen)
