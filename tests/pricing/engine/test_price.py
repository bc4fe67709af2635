"""Prices and referrals, case by case."""

from decimal import Decimal
from typing import Any

import pytest

from pricing.engine.price import price
from pricing.engine.result import Offered, Referred
from tests.pricing.builders import ALL_IN_PLACE, NOTHING_IN_PLACE, TARIFF, answers, premium, reasons


@pytest.mark.parametrize(
    ("changes", "premium_yen"),
    [
        pytest.param({}, 92_800, id="the neutral retailer pays the base"),
        pytest.param({"plan": "wide"}, 116_000, id="wide costs a quarter more"),
        pytest.param({"rider_leak_only": "yes"}, 86_860, id="leaks only costs less"),
        pytest.param({"rider_fixed_premium": "no"}, 92_800, id="how it is settled does not change the price"),
        pytest.param({"liability_deductible": 0}, 98_370, id="no deductible costs more"),
        pytest.param({"liability_deductible": 10_000_000}, 60_320, id="a large deductible costs less"),
        pytest.param({"cost_deductible": 500_000}, 85_380, id="so does one on costs"),
        pytest.param({"liability_limit": 1_000_000_000}, 165_020, id="ten times the limit, 1.78 times the price"),
        pytest.param(ALL_IN_PLACE, 55_680, id="every control in place takes 40 % off"),
        pytest.param(NOTHING_IN_PLACE, 129_920, id="none in place adds 40 %"),
        pytest.param({"d3_22": ["isms"]}, 74_240, id="a certification earns its own discount"),
        pytest.param({"d3_22": ["isms", "pmark", "truste"]}, 64_960, id="certifications take at most 30 % off"),
        pytest.param({"d3_22": ["other"]}, 92_800, id="another certification is welcome but worth nothing"),
        pytest.param({**ALL_IN_PLACE, "d3_22": ["isms", "pmark"]}, 37_120, id="all together at most 60 %"),
        pytest.param({**NOTHING_IN_PLACE, "d3_22": ["isms"]}, 111_360, id="a certification softens a loading"),
        pytest.param({"rider_it": "yes"}, 406_800, id="the IT rider is added"),
        pytest.param({"rider_it": "yes", "plan": "wide"}, 430_000, id="the plan does not touch the IT rider"),
        pytest.param({"rider_it": "yes", "d3_22": ["isms"]}, 388_240, id="nor do certifications"),
        pytest.param({"rider_it": "yes", "d4_7": ["none"]}, 431_920, id="4-7 does, and only the rider"),
        pytest.param({"rider_it": "yes", "d4_7": ["sso", "otp"]}, 406_800, id="two lesser methods make a whole one"),
        pytest.param({"d4_7": ["none"]}, 92_800, id="告知4 is not priced without the IT rider"),
    ],
)
def test_the_premium_follows_the_answers(changes: dict[str, Any], premium_yen: int) -> None:
    assert premium(answers(**changes)) == premium_yen


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        pytest.param({"d3_15": "no"}, "0.54", id="nothing handed out: nothing can go wrong there"),
        pytest.param({"d3_15": "sometimes", "d3_15_a": "yes"}, "0.54", id="a sound contract is as good"),
        pytest.param({"d3_15": "yes", "d3_15_a": "no"}, "0.5", id="without one it earns nothing"),
        pytest.param({"d3_15": "unknown", "d3_15_a": "yes"}, "0.5", id="and unknown is no better"),
    ],
)
def test_outsourcing_is_judged_by_its_contract(changes: dict[str, Any], score: str) -> None:
    result = price(answers(**changes), TARIFF)

    assert isinstance(result, Offered)
    assert f"評点 {score}" in {working.input for working in result.workings}


@pytest.mark.parametrize(
    ("turnover", "premium_yen"),
    [
        pytest.param(1_000, 30_000, id="the smallest turnover of the table pays the minimum"),
        pytest.param(23_000, 30_000, id="so does one whose price would be just below it"),
        pytest.param(24_000, 30_000, id="the line"),
        pytest.param(30_000, 30_590, id="above it the table counts"),
        pytest.param(550_000, 96_260, id="between two points, on the straight line"),
        pytest.param(500_000_000, 1_415_950, id="the largest turnover of the table"),
    ],
)
def test_the_premium_follows_the_turnover(turnover: int, premium_yen: int) -> None:
    assert premium(answers(turnover=turnover)) == premium_yen


@pytest.mark.parametrize("turnover", [0, 1, 999, 500_000_001, 10**30, -500_000])
def test_turnover_outside_the_table_is_referred_and_never_extrapolated(turnover: int) -> None:
    assert reasons(answers(turnover=turnover)) == ["turnover-outside"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"incidents": "yes"}, "incident-reported", id="an incident"),
        pytest.param({"incidents": "unknown"}, "incident-reported", id="perhaps an incident"),
        pytest.param({"d3_03": "yes"}, "card-issuing", id="issues cards"),
        pytest.param({"d3_03": "unknown"}, "card-issuing", id="perhaps issues cards"),
        pytest.param({"industry": "public_body"}, "ineligible-industry", id="a public body"),
        pytest.param({"industry": "consumer_loan"}, "ineligible-industry", id="a lender"),
        pytest.param({"industry": "ceremonial_mutual_aid"}, "ineligible-industry", id="a mutual aid society"),
        pytest.param({"industry": "finance"}, "alternative-exposure", id="a bank has no turnover"),
        pytest.param({"industry": "education"}, "alternative-exposure", id="nor has a school"),
        pytest.param({"industry": "association"}, "alternative-exposure", id="nor has a cooperative"),
        pytest.param({"industry": "it", "turnover": 50_000_000}, "over-authority", id="more than the agency may offer"),
        pytest.param(
            {"industry": "it", "turnover": 20_000_000, "liability_limit": 600_000_000, "cost_limit": 10_000_000},
            "over-authority",
            id="the agency may offer less where the limit is very high",
        ),
        pytest.param({"d3_22": ["none", "isms"]}, "contradictory-answer", id="no certification, and one"),
        pytest.param({"industry": "florist"}, "unknown-choice", id="an industry that the form does not offer"),
        pytest.param({"liability_limit": 123}, "unknown-choice", id="a limit that the form does not offer"),
        pytest.param({"cost_deductible": False}, "unknown-choice", id="false is not nought"),
        pytest.param({"liability_limit": 100_000_000.0}, "unknown-choice", id="a float is no amount"),
        pytest.param({"turnover": "500000"}, "unknown-choice", id="text is no turnover"),
        pytest.param({"turnover": True}, "unknown-choice", id="true is not a turnover of one"),
        pytest.param({"d3_22": []}, "missing-answer", id="an empty list is no answer"),
        pytest.param({"plan": None}, "missing-answer", id="null is no answer"),
    ],
)
def test_a_case_for_a_person_is_referred_with_its_reason(changes: dict[str, Any], code: str) -> None:
    assert reasons(answers(**changes)) == [code]


def test_all_reasons_are_told_not_only_the_first() -> None:
    given = answers(
        incidents="yes", d3_03="unknown", industry="finance", turnover=0, plan="wide", rider_leak_only="yes", d3_05="?"
    )
    del given["d3_06"]

    found = reasons(given)

    assert found == [
        "incident-reported",
        "card-issuing",
        "alternative-exposure",
        "unknown-choice",
        "missing-answer",
        "turnover-outside",
        "leak-only-with-wide",
    ]


def test_a_referral_over_authority_still_tells_of_the_incident() -> None:
    assert reasons(answers(industry="it", turnover=50_000_000, incidents="yes")) == [
        "incident-reported",
        "over-authority",
    ]


def test_a_reason_names_the_question_it_is_about() -> None:
    given = answers()
    del given["cost_limit"]

    result = price(given, TARIFF)

    assert isinstance(result, Referred)
    assert TARIFF.questions["cost_limit"].name in result.reasons[0].message


def test_the_workings_lead_from_the_base_to_the_premium() -> None:
    result = price(answers(industry="it", rider_it="yes", liability_limit=500_000_000, d3_22=["isms"]), TARIFF)

    assert isinstance(result, Offered)
    amount = Decimal()
    for working in result.workings[:-2]:
        assert working.amount == (working.amount if working.factor is None else amount * working.factor)
        amount = working.amount
    assert result.workings[-2].amount == 876_000 * Decimal("1.495349") * Decimal("0.8") + 314_000
    assert result.workings[-1].amount == result.premium_yen == 1_361_940


def test_workings_are_strings_to_the_last_digit() -> None:
    result = price(answers(turnover=550_000, liability_limit=500_000_000, cost_limit=100_000_000), TARIFF)

    assert isinstance(result, Offered)
    steps = [working.as_text() for working in result.workings]
    assert steps[1] == {
        "label": "売上高",
        "input": "550,000千円",
        "factor": "1.037288",
        "amount": "96260.3264",
        "source": "turnover_curve[500000..600000]",
    }
    assert steps[3]["amount"] == "166316.529269837740416"


def test_the_workings_never_tell_a_single_answer_about_security() -> None:
    """One score for all controls, and what certifications earn together: never which of them."""
    result = price(answers(rider_it="yes", d3_22=["isms"]), TARIFF)

    assert isinstance(result, Offered)
    scored = [working.input for working in result.workings if "告知" in working.label]
    assert scored == ["評点 0.5、認証 -20%", "評点 0.5"]
