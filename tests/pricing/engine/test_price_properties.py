"""What holds for every customer, not only for those we thought of."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.engine.price import price
from pricing.engine.result import Offered, Referred
from pricing.tariff import Adjustment, Banded, Crossed, Exact, Interpolated, Step
from tests.pricing.builders import (
    CHECKED,
    PRICEABLE,
    QUESTIONS,
    TARIFF,
    WITHOUT_AUTHORITY,
    one_of,
    premium,
    reasons,
    ticks,
)

IN_PLACE = [
    key for key in QUESTIONS if key.startswith(("d3_", "d4_")) and key not in ("d3_03", "d3_15", "d3_22", "d4_7")
]


def cost(case: dict[str, Any], **changes: object) -> int:
    return premium({**case, **changes}, WITHOUT_AUTHORITY)


@CHECKED
@given(PRICEABLE)
def test_whoever_can_be_priced_pays_at_least_the_minimum_in_tens(case: dict[str, Any]) -> None:
    found = cost(case)

    assert found >= TARIFF.minimum_premium_yen
    assert found % 10 == 0


@CHECKED
@given(PRICEABLE)
def test_nobody_pays_more_than_the_dearest_row_of_every_table_makes(case: dict[str, Any]) -> None:
    most = Decimal()
    for part in WITHOUT_AUTHORITY.parts:
        amount = Decimal(1)
        for step in part.steps:
            amount *= dearest(step)
        most += amount

    assert cost(case) <= most


def dearest(step: Step | Adjustment) -> Decimal:
    """The largest figure that the tariff has for *step*."""
    if isinstance(step, Adjustment):
        return step.factor_at(Decimal())
    match step.table:
        case Interpolated() as table:
            found = Decimal(max(table.curve.values)).scaleb(-6)
        case Banded() as table:
            found = max(table.values)
        case Exact() | Crossed() as table:
            found = max(table.rows.values())
    return found if step.cap is None else min(found, step.cap)


@CHECKED
@given(PRICEABLE, st.integers(1_000, 500_000_000))
def test_a_larger_turnover_never_costs_less(case: dict[str, Any], other: int) -> None:
    smaller, larger = sorted([case["turnover"], other])

    assert cost(case, turnover=smaller) <= cost(case, turnover=larger)


@CHECKED
@given(PRICEABLE, st.integers(1_001, 500_000_000))
def test_one_thousand_yen_more_turnover_never_makes_a_jump(case: dict[str, Any], turnover: int) -> None:
    """Bands make the premium leap at their edges; a curve must not, at any of its points."""
    before, after = cost(case, turnover=turnover - 1), cost(case, turnover=turnover)

    assert after - before <= before / turnover + 10


@CHECKED
@given(PRICEABLE, st.sampled_from(["liability_limit", "cost_limit"]))
def test_a_higher_limit_never_costs_less(case: dict[str, Any], key: str) -> None:
    limits = [choice for choice in QUESTIONS[key].choices if key != "cost_limit" or choice != 10_000_000]

    found = [cost(case, **{key: limit}) for limit in limits]

    assert found == sorted(found)


@CHECKED
@given(PRICEABLE, st.sampled_from(["liability_deductible", "cost_deductible"]))
def test_a_higher_deductible_never_costs_more(case: dict[str, Any], key: str) -> None:
    found = [cost(case, **{key: deductible}) for deductible in QUESTIONS[key].choices]

    assert found == sorted(found, reverse=True)


@CHECKED
@given(PRICEABLE, st.sampled_from(IN_PLACE))
def test_a_better_answer_never_costs_more(case: dict[str, Any], key: str) -> None:
    assert cost(case, **{key: "yes"}) <= cost(case, **{key: "no"})


@CHECKED
@given(PRICEABLE, st.sampled_from(IN_PLACE))
def test_not_knowing_is_never_cheaper_than_no(case: dict[str, Any], key: str) -> None:
    assert cost(case, **{key: "unknown"}) >= cost(case, **{key: "no"})


@CHECKED
@given(PRICEABLE)
def test_handing_nothing_out_never_costs_more_than_handing_it_out(case: dict[str, Any]) -> None:
    others = [cost(case, d3_15=answer) for answer in ("yes", "sometimes", "unknown")]

    assert cost(case, d3_15="no") <= min(others)
    assert max(others) == cost(case, d3_15="unknown")


@CHECKED
@given(PRICEABLE, st.sampled_from(["d3_22", "d4_7"]), st.data())
def test_one_more_tick_never_costs_more(case: dict[str, Any], key: str, data: st.DataObject) -> None:
    held = data.draw(ticks(key))
    more = data.draw(one_of(key).filter(lambda choice: choice != "none"))

    assert cost(case, **{key: [*(one for one in held if one != "none"), more]}) <= cost(case, **{key: held})


@CHECKED
@given(PRICEABLE)
def test_discounts_and_loadings_stay_within_their_caps(case: dict[str, Any]) -> None:
    result = price(case, WITHOUT_AUTHORITY)

    assert isinstance(result, Offered)
    factors = {w.label: w.factor for w in result.workings if "告知" in w.label and w.factor is not None}
    assert all(Decimal("0.4") <= factor <= Decimal("1.4") for factor in factors.values())
    assert factors.get("告知事項4による割引・割増", 1) >= Decimal("0.6")


@CHECKED
@given(PRICEABLE, PRICEABLE)
def test_a_question_that_is_not_asked_never_changes_the_price(case: dict[str, Any], other: dict[str, Any]) -> None:
    asked = {key for key in QUESTIONS if is_asked(key, case)}
    stray = {key: value for key, value in other.items() if key not in asked}

    found = {cost({key: case[key] for key in asked}), cost(case), cost({**case, **stray})}

    assert len(found) == 1


def is_asked(key: str, case: dict[str, Any]) -> bool:
    """Said again in other words than the form's, so that both would have to be wrong."""
    if key.startswith("d4_") and case["rider_it"] != "yes":
        return False
    parents = {"d3_01": ["yes"], "d3_02": ["yes"], "d3_15": ["yes", "sometimes"], "d4_2": ["yes"]}
    parent = key.rpartition("_")[0]
    return parent not in parents or case[parent] in parents[parent]


@CHECKED
@given(PRICEABLE, st.data())
def test_the_order_of_answers_is_irrelevant(case: dict[str, Any], data: st.DataObject) -> None:
    shuffled = dict(data.draw(st.permutations(list(case.items()))))
    shuffled |= {key: data.draw(st.permutations(value)) for key, value in case.items() if isinstance(value, list)}

    assert price(shuffled, WITHOUT_AUTHORITY) == price(case, WITHOUT_AUTHORITY)


@pytest.mark.parametrize("key", QUESTIONS)
@settings(max_examples=5, deadline=None)
@given(case=PRICEABLE)
def test_a_missing_answer_is_always_referred(key: str, case: dict[str, Any]) -> None:
    given_up = {**case, "rider_it": "yes", "d3_01": "yes", "d3_02": "yes", "d3_15": "sometimes", "d4_2": "yes"}
    del given_up[key]

    result = price(given_up, WITHOUT_AUTHORITY)

    assert isinstance(result, Referred)
    assert QUESTIONS[key].name in next(one.message for one in result.reasons if one.code == "missing-answer")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def is_an_answer(key: str, value: object) -> bool:
    question = QUESTIONS[key]
    if question.kind == "thousand_yen":
        return type(value) is int
    if question.kind == "multi":
        return isinstance(value, list) and all(isinstance(one, str) and one in question.choices for one in value)
    return any(type(value) is type(choice) and value == choice for choice in question.choices)


@pytest.mark.parametrize("key", QUESTIONS)
@settings(max_examples=10, deadline=None)
@given(case=PRICEABLE, data=st.data())
def test_an_answer_that_the_form_does_not_offer_is_always_referred(
    key: str, case: dict[str, Any], data: st.DataObject
) -> None:
    strange = data.draw(ANYTHING.filter(lambda value: not is_an_answer(key, value)))
    opened = {**case, "rider_it": "yes", "d3_01": "yes", "d3_02": "yes", "d3_15": "yes", "d4_2": "yes"}

    found = reasons({**opened, key: strange}, WITHOUT_AUTHORITY)

    assert {"unknown-choice", "missing-answer"} & set(found)


@CHECKED
@given(st.dictionaries(st.sampled_from([*QUESTIONS, "company"]), ANYTHING))
def test_whatever_is_answered_there_is_an_answer(case: dict[str, Any]) -> None:
    assert isinstance(price(case, TARIFF), Offered | Referred)
