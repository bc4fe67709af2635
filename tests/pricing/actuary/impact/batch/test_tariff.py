"""A book priced in columns costs what each of its requests costs by itself, to the yen."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Any

import numpy as np
import pytest

from pricing.actuary.impact.batch.columns import answers_at, code_of, column_of, questions_of
from pricing.actuary.impact.batch.tariff import REFERRED, BatchTariff
from pricing.actuary.impact.synthetic import synthetic_book
from pricing.engine.price import premium_of
from pricing.engine.result import Referred
from pricing.tariff import Tariff
from shared.errors import Invalid
from tests.pricing.actuary.impact.builders import changed_tariff, disagreements, even_book
from tests.pricing.builders import ALL_IN_PLACE, NOTHING_IN_PLACE, TARIFF, answers, controls

Change = Callable[[dict[str, Any]], None]


@pytest.mark.parametrize("seed", range(3))
def test_a_plausible_book_costs_to_the_yen_what_each_request_costs(seed: int) -> None:
    assert disagreements(synthetic_book(2_000, [TARIFF], [seed]), TARIFF) == []


@pytest.mark.parametrize("seed", range(3))
def test_an_even_book_costs_to_the_yen_what_each_request_costs(seed: int) -> None:
    assert disagreements(even_book(2_000, TARIFF, seed), TARIFF) == []


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(answers(turnover=1_000), id="the smallest turnover"),
        pytest.param(answers(turnover=999), id="one below the smallest"),
        pytest.param(answers(turnover=500_000_000), id="the largest turnover"),
        pytest.param(answers(turnover=500_000_001), id="one above the largest"),
        pytest.param(answers(turnover=-5), id="a turnover below nought"),
        pytest.param(answers(turnover="500000"), id="a turnover in quotes"),
        pytest.param(answers(**ALL_IN_PLACE, d3_22=["pmark", "isms", "truste"]), id="every discount, every cap"),
        pytest.param(answers(**NOTHING_IN_PLACE), id="every loading"),
        pytest.param(answers(**ALL_IN_PLACE, turnover=1_000, cost_deductible=10_000_000), id="the minimum premium"),
        pytest.param(answers(rider_it="yes", **controls("yes"), d4_7=["mfa", "otp", "sso"]), id="more ticks than 1"),
        pytest.param(answers(rider_it="yes", liability_limit=1_000_000_000), id="a factor held at its cap"),
        pytest.param(answers(rider_it="yes", industry="it", turnover=300_000_000), id="above the authority"),
        pytest.param(
            answers(rider_leak_only="yes", rider_it="yes", plan="wide"), id="two exchanges, one after another"
        ),
        pytest.param(answers(rider_leak_only="yes", plan="wide"), id="one exchange"),
        pytest.param(answers(cost_limit=10_000_000, cost_deductible=10_000_000), id="an exchanged deductible"),
        pytest.param(answers(d3_22=["none", "isms"]), id="a list that contradicts itself"),
        pytest.param(answers(d3_22=[]), id="an empty list"),
        pytest.param(answers(d3_22=["iso9001"]), id="a tick that the form does not offer"),
        pytest.param(answers(d3_02="no", d3_02_a=None), id="a sub-question that is not asked, without an answer"),
        pytest.param(answers(d3_02="yes", d3_02_a=None), id="a sub-question that is asked, without an answer"),
        pytest.param(answers(d4_7=None), id="a question of the rider that is not taken, without an answer"),
        pytest.param(answers(rider_it="yes", d4_7=None), id="a question of the rider that is taken, without an answer"),
        pytest.param(answers(industry="finance"), id="an industry for a person"),
        pytest.param(answers(incidents="unknown"), id="an incident that nobody knows of"),
    ],
)
def test_each_edge_costs_what_it_costs_by_itself(case: dict[str, Any]) -> None:
    questions = questions_of([TARIFF])
    columns = {key: column_of(question, [code_of(case.get(key), question)]) for key, question in questions.items()}

    assert disagreements(columns, TARIFF) == []
    assert premium_of(answers_at(0, columns, questions), TARIFF) == premium_of(case, TARIFF)


def rounding(to_yen: int, minimum: str) -> Change:
    def change(data: dict[str, Any]) -> None:
        data["round_to_yen"], data["minimum_premium_yen"] = to_yen, minimum

    return change


def bounds(data: dict[str, Any]) -> None:
    steps = data["parts"][0]["steps"]
    steps[0] |= {"cap": "1.234567", "floor": "0.300001"}
    steps[1] |= {"cap": "1.100003"}
    steps[3] |= {"floor": "0.912345"}


def crossing_bounds(data: dict[str, Any]) -> None:
    data["parts"][0]["steps"][0] |= {"cap": "0.5", "floor": "0.9"}


def bands(data: dict[str, Any]) -> None:
    """Turnover in bands, with none for the smallest."""
    data["tables"]["turnover_curve"] = {
        "reads": "turnover",
        "outside": "turnover-outside",
        "banded": {2_000: "0.333333", 100_000: "0.777777", 500_000: "1", 5_000_000: "2.718281"},
    }


def crossed(data: dict[str, Any]) -> None:
    """Limit and deductible in one table, in figures that need every decimal."""
    limits, deductibles = (data["tables"][name]["exact"] for name in ("cost_limit", "cost_deductible"))
    rows = {
        limit: {deductible: f"{Decimal(a) * Decimal(b):.6f}" for deductible, b in deductibles.items()}
        for limit, a in limits.items()
    }
    data["tables"]["cost_limit"] = {"reads": "cost_limit", "across": "cost_deductible", "crossed": rows}
    del data["tables"]["cost_deductible"]
    data["parts"][0]["steps"] = [step for step in data["parts"][0]["steps"] if step.get("table") != "cost_deductible"]


def awkward_scores(data: dict[str, Any]) -> None:
    """Thirds and sevenths, so that scores and discounts are cut, a curve with a bend, and caps that bind."""
    data["credits"]["in_place"] = {"yes": "0.999999", "no": "0.333333", "unknown": "0.142857"}
    controls = data["adjustments"]["controls"]
    controls["score"]["weights"]["d3_08"]["weight"] = 13
    controls["score"]["discount"] = {"0": "-0.377777", "0.333333": "-0.1", "0.700001": "0.123457", "1": "0.4"}
    controls["cap"] = "0.411111"
    controls["certificates"]["cap"] = "0.222222"


def large_figures(data: dict[str, Any]) -> None:
    for row in data["tables"]["industry_base"]["exact"]:
        data["tables"]["industry_base"]["exact"][row] = "987654321.123457"
    data["tables"]["authority"]["banded"] = {20_000_000: "999999999999.5"}


def other_rules(data: dict[str, Any]) -> None:
    """A rule of two questions, one on a sub-question, and an exchange of more than what bars the cover."""
    says = {"says": "個別の審査が必要です。"}
    data["rules"]["small-and-wide"] = {"when": {"plan": ["wide"], "liability_limit": [20_000_000]}, **says}
    data["rules"]["no-contract"] = {"when": {"d3_15_a": ["no"]}, **says}
    data["unavailable"]["large-and-wide"] = {
        "when": {"plan": ["wide"], "cost_limit": [500_000_000, 400_000_000]},
        "instead": {"cost_limit": 300_000_000, "liability_deductible": 100_000},
        **says,
    }


VARIANTS: dict[str, Change] = {
    "to the yen": rounding(1, "30001"),
    "to an odd number of yen": rounding(7, "35007"),
    "to a thousand yen": rounding(1_000, "50000"),
    "no minimum": rounding(10, "0"),
    "caps and floors": bounds,
    "a floor above its cap": crossing_bounds,
    "bands": bands,
    "a crossed table": crossed,
    "awkward scores": awkward_scores,
    "large figures": large_figures,
    "other rules": other_rules,
}


@pytest.mark.parametrize("change", VARIANTS.values(), ids=VARIANTS)
def test_whatever_the_actuary_writes_columns_and_engine_agree(change: Change) -> None:
    tariff = changed_tariff(change)

    assert disagreements(even_book(1_500, tariff, 7), tariff) == []


@pytest.mark.parametrize("seed", range(4))
def test_figures_that_need_every_decimal_lose_none(seed: int) -> None:
    """Every figure of every table drawn anew, the premium to one yen: a lost carry cannot hide behind rounding."""
    chance = np.random.Generator(np.random.PCG64(seed))

    def redrawn(data: dict[str, Any]) -> None:
        data["round_to_yen"], data["minimum_premium_yen"] = 1, "0"
        for name in ("industry_base", "turnover_curve", "liability_limit", "cost_limit", "cost_deductible"):
            table = data["tables"][name]
            table.pop("runs", None)
            table.pop("follows", None)
            rows = table.get("exact", table.get("interpolated"))
            for row in rows:
                most = 10**12 if name == "industry_base" else 3 * 10**6
                rows[row] = f"{Decimal(int(chance.integers(1, most))).scaleb(-6):f}"
        data["tables"]["authority"]["banded"] = {20_000_000: "900000000000"}

    tariff = changed_tariff(redrawn)

    assert disagreements(even_book(1_500, tariff, seed), tariff) == []


@pytest.mark.parametrize(("most", "offered"), [("92800", True), ("92799.999999", False), ("92790", False)])
def test_what_the_agency_may_offer_ends_at_its_authority_and_not_before(most: str, offered: bool) -> None:  # noqa: FBT001  # a row
    def limited(data: dict[str, Any]) -> None:
        data["tables"]["authority"]["banded"] = {20_000_000: most}

    tariff = changed_tariff(limited)
    given = answers()
    columns = {
        key: column_of(question, [code_of(given.get(key), question)]) for key, question in tariff.questions.items()
    }

    premiums = BatchTariff.of(tariff).premiums(columns)

    assert premiums.tolist() == [92_800 if offered else REFERRED]
    assert disagreements(columns, tariff) == []


def test_the_book_has_a_case_of_every_rule_and_every_exchange() -> None:
    """Otherwise agreeing on it would prove little."""
    columns = synthetic_book(20_000, [TARIFF], [1])
    questions = questions_of([TARIFF])
    requests = [answers_at(row, columns, questions) for row in range(20_000)]

    results = [premium_of(request, TARIFF) for request in requests]

    referred = [result for result in results if isinstance(result, Referred)]
    codes = {reason.code for reason in chain.from_iterable(result.reasons for result in referred)}
    priced = [request for request, result in zip(requests, results, strict=True) if isinstance(result, int)]
    exchanged = {rule.code for rule in TARIFF.unavailable if any(rule.holds(request) for request in priced)}
    assert codes >= {rule.code for rule in TARIFF.rules} | TARIFF.messages.keys()
    assert exchanged == {rule.code for rule in TARIFF.unavailable}
    assert TARIFF.minimum_premium_yen in results


def test_most_of_a_plausible_book_is_priced() -> None:
    premiums = BatchTariff.of(TARIFF).premiums(synthetic_book(20_000, [TARIFF], [1]))

    assert 0.8 < (premiums != REFERRED).mean() < 0.95


def test_a_tariff_beyond_whole_numbers_is_refused_and_not_rated_wrong() -> None:
    base = TARIFF.parts[0].steps[0]

    def giant(tariff: Tariff) -> Tariff:
        part = tariff.parts[0]
        return replace(tariff, parts=(replace(part, steps=(base, *[base] * 12, *part.steps[1:])), *tariff.parts[1:]))

    with pytest.raises(Invalid, match="--requests"):
        BatchTariff.of(giant(TARIFF)).premiums(synthetic_book(10, [TARIFF], [1]))
