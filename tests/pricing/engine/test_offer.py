"""What is offered besides the cover that was asked for, and what happens when that cover cannot be had."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from pricing.engine.price import premium_of, price
from pricing.engine.result import Offered
from pricing.tariff import Step
from shared.events import Cell, Grid, Option
from tests.pricing.builders import CHECKED, PRICEABLE, TARIFF, WITHOUT_AUTHORITY, answers, premium, reasons

TERMS = ("plan", "liability_limit", "cost_limit", "liability_deductible", "cost_deductible")


def offer(**changes: object) -> Offered:
    result = price(answers(**changes), TARIFF)
    assert isinstance(result, Offered), result
    return result


def terms(option: Option) -> dict[str, Any]:
    return {key: getattr(option, key) for key in TERMS}


def sentences(grid: Grid) -> dict[str, str]:
    return {note.code: note.says for note in grid.notes}


def test_the_offer_is_headed_by_the_cover_that_was_asked_for() -> None:
    head = offer(rider_it="yes", liability_limit=500_000_000, cost_deductible=100_000).head

    assert (head.kind, head.chosen) == ("chosen", True)
    assert (head.plan, head.liability_limit, head.cost_deductible) == ("basic", 500_000_000, 100_000)
    assert head.riders == ("it", "fixed_premium")


def test_a_lighter_and_a_fuller_cover_stand_beside_it() -> None:
    found = {option.kind: terms(option) for option in offer().options}

    assert found == {
        "chosen": terms(offer().head),
        "lighter": {**found["chosen"], "liability_limit": 50_000_000, "cost_limit": 20_000_000}
        | {"liability_deductible": 200_000},
        "fuller": {**found["chosen"], "liability_limit": 200_000_000, "cost_limit": 40_000_000},
    }


def test_at_the_end_of_every_list_there_is_nothing_lighter() -> None:
    result = offer(liability_limit=20_000_000, cost_limit=10_000_000, liability_deductible=10_000_000)

    assert [option.kind for option in result.options] == ["chosen", "fuller"]


def test_a_lighter_cover_that_nobody_can_have_is_not_offered() -> None:
    """One step down, the limit for costs would be no more than its deductible."""
    result = offer(cost_limit=20_000_000, cost_deductible=10_000_000)

    assert [option.kind for option in result.options] == ["chosen", "fuller"]


def test_what_the_agency_may_not_offer_by_itself_is_not_recommended_either() -> None:
    result = offer(industry="it", turnover=13_000_000, liability_limit=500_000_000)

    assert [option.kind for option in result.options] == ["chosen", "lighter"]


@CHECKED
@given(PRICEABLE)
def test_every_premium_beside_is_the_one_that_asking_for_it_would_bring(case: dict[str, Any]) -> None:
    """Nothing in a grid or a recommendation is an estimate."""
    result = price(case, WITHOUT_AUTHORITY)

    assert isinstance(result, Offered)
    for option in result.options:
        assert option.premium == premium({**case, **terms(option)}, WITHOUT_AUTHORITY)
    for grid in result.grids:
        for value, line in zip(grid.row_values, grid.cells, strict=True):
            for other, cell in zip(grid.column_values, line, strict=True):
                asked = price({**case, grid.rows: value, grid.columns: other}, WITHOUT_AUTHORITY)
                assert isinstance(asked, Offered)
                assert cell == (Cell(None, asked.changes[0].rule) if asked.changes else Cell(asked.premium_yen, ""))


def test_the_grids_show_the_cover_itself_even_where_the_tariff_does_not_list_it() -> None:
    result = offer(liability_limit=700_000_000, liability_deductible=1_500_000)

    limits = result.grids[0]
    cell = limits.cells[limits.row_values.index(700_000_000)][limits.column_values.index(1_500_000)]
    assert cell == Cell(result.premium_yen, "")
    assert list(limits.row_values) == sorted({*TARIFF.alternatives.grids[0].row_values, 700_000_000})


def test_a_cell_without_a_premium_says_why() -> None:
    costs = offer().grids[1]

    cell = costs.cells[costs.row_values.index(10_000_000)][costs.column_values.index(10_000_000)]
    assert cell == Cell(None, "deductible-not-below-limit")
    assert "支払限度額より低く" in sentences(costs)[cell.note]


def test_a_cell_above_authority_says_so() -> None:
    limits = offer(industry="it", turnover=13_000_000, liability_limit=500_000_000).grids[0]

    assert {cell.note for cell in limits.cells[-1]} == {"over-authority"}
    assert "引受保険会社への照会" in sentences(limits)["over-authority"]


@pytest.mark.parametrize(
    ("asked", "offered", "rule"),
    [
        pytest.param(
            {"rider_leak_only": "yes", "plan": "wide"}, ("plan", "wide", "basic"), "leak-only-with-wide", id="wide"
        ),
        pytest.param(
            {"rider_leak_only": "yes", "rider_it": "yes"},
            ("rider_leak_only", "yes", "no"),
            "leak-only-with-it",
            id="IT",
        ),
        pytest.param(
            {"cost_limit": 10_000_000, "cost_deductible": 10_000_000},
            ("cost_deductible", 10_000_000, 5_000_000),
            "deductible-not-below-limit",
            id="deductible",
        ),
    ],
)
def test_a_cover_that_nobody_can_have_brings_the_nearest_one_and_says_what_was_exchanged(
    asked: dict[str, Any], offered: tuple[str, Any, Any], rule: str
) -> None:
    """Nothing is exchanged silently: no option is the chosen one, and each change names its rule and its reason."""
    result = offer(**asked)

    assert result.head.kind == "nearest"
    assert not any(option.chosen for option in result.options)
    (change,) = result.changes
    assert ((change.key, change.requested, change.offered), change.rule) == (offered, rule)
    assert change.says
    assert result.premium_yen == premium(answers(**{**asked, change.key: change.offered}))


def test_an_exchange_of_a_term_that_was_never_answered_leaves_the_missing_answer_to_be_told() -> None:
    wide = replace(TARIFF.unavailable[1], instead={"plan": "basic", "cost_limit": 10_000_000})
    given = answers(rider_leak_only="yes", plan="wide")
    del given["cost_limit"]

    assert reasons(given, replace(TARIFF, unavailable=(wide,))) == ["missing-answer", wide.code]


def test_two_exchanges_are_told_as_two() -> None:
    result = offer(rider_leak_only="yes", plan="wide", cost_limit=10_000_000, cost_deductible=10_000_000)

    assert [change.rule for change in result.changes] == ["leak-only-with-wide", "deductible-not-below-limit"]


def test_with_the_it_rider_only_the_narrowing_one_goes_and_the_wide_plan_stays() -> None:
    """The rules are asked in the file's order, each of the cover as it is by then: nothing is exchanged in vain."""
    result = offer(rider_leak_only="yes", plan="wide", rider_it="yes")

    assert [(change.key, change.offered) for change in result.changes] == [("rider_leak_only", "no")]


def test_a_cover_that_can_be_had_is_left_alone() -> None:
    assert offer().changes == ()


@CHECKED
@given(PRICEABLE)
def test_the_premium_by_itself_is_the_one_that_heads_the_offer(case: dict[str, Any]) -> None:
    result = price(case, TARIFF)

    alone = premium_of(case, TARIFF)

    assert alone == (result.premium_yen if isinstance(result, Offered) else result)


LIMIT_OF_THE_RIDER = "賠償損害の支払限度額(1億円まで)"


def test_a_factor_is_held_below_its_cap() -> None:
    """The IT rider's limit counts up to 1億円."""
    found = offer(rider_it="yes", liability_limit=500_000_000).workings

    (working,) = (one for one in found if one.label == LIMIT_OF_THE_RIDER)
    assert (working.factor, working.source) == (Decimal(1), "liability_limit[500000000] ≤ 1.000000")


def test_a_factor_is_held_above_its_floor() -> None:
    part = TARIFF.parts[1]
    steps = tuple(
        replace(step, cap=None, floor=step.cap) if isinstance(step, Step) and step.cap else step for step in part.steps
    )
    floored = replace(TARIFF, parts=(TARIFF.parts[0], replace(part, steps=steps)))

    result = price(answers(rider_it="yes", liability_limit=50_000_000), floored)

    assert isinstance(result, Offered)
    (working,) = (one for one in result.workings if one.label == LIMIT_OF_THE_RIDER)
    assert (working.factor, working.source) == (Decimal(1), "liability_limit[50000000] ≥ 1.000000")
