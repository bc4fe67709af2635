"""The band of an estimate: to the yen at the points of the curve, and around every quote between them."""

from bisect import bisect_right
from dataclasses import replace
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.engine.estimate import Estimate, NoEstimate, estimate
from pricing.engine.extremes import extremes
from pricing.engine.price import premium_of, price
from pricing.engine.result import Offered
from pricing.tariff import Adjustment, Banded, Interpolated, Rule, Step, Tariff
from pricing.tariff.tables import Curve
from shared.events import EstimatedCover
from tests.pricing.builders import CHECKED, ELIGIBLE, PRICEABLE, PRODUCT, QUESTIONS, TARIFF

TERMS: Final = {question.key: question.default for question in PRODUCT.form.questions if question.default is not None}
PLANS: Final = ("basic", "wide")
AMOUNTS: Final = ("liability_limit", "cost_limit", "liability_deductible", "cost_deductible")


def of(tariff: Tariff = TARIFF) -> Estimate:
    found = estimate(TERMS, tariff)
    assert isinstance(found, Estimate), found
    return found


ESTIMATE: Final = of()
AT_5_OKU: Final = ESTIMATE.turnovers.index(500_000)
RETAIL: Final = {**TERMS, "industry": "retail", "plan": "basic", "turnover": 500_000}
OFFERED: Final = {industry.industry: industry.covers for industry in ESTIMATE.industries if industry.covers}


def cover_of(industry: str, plan: str, kind: str) -> EstimatedCover:
    return next(cover for cover in OFFERED[industry] if (cover.plan, cover.kind) == (plan, kind))


def offered(given: dict[str, Any], tariff: Tariff = TARIFF) -> dict[str, int]:
    """The premiums of the quote by option; none for a referral."""
    result = price(given, tariff)
    return {option.kind: option.premium for option in result.options} if isinstance(result, Offered) else {}


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("industry", sorted(OFFERED))
def test_every_figure_is_that_of_a_quote_with_the_best_and_with_the_worst_answers(industry: str, plan: str) -> None:
    found = extremes({**RETAIL, "industry": industry, "plan": plan}, TARIFF)

    for cover in (cover for cover in OFFERED[industry] if cover.plan == plan):
        terms = {key: getattr(cover, key) for key in AMOUNTS}
        for place, turnover in enumerate(ESTIMATE.turnovers):
            best, worst = (
                premium_of({**known, **terms, "turnover": turnover}, TARIFF) for known in (found.best, found.worst)
            )
            assert cover.lowest[place] == (best if isinstance(best, int) else None)
            assert cover.highest[place] == (worst if isinstance(worst, int) else None)


@CHECKED
@given(PRICEABLE, st.sampled_from(ELIGIBLE), st.sampled_from(PLANS), st.integers(1_000, 500_000_000))
def test_no_quote_is_outside_the_band(case: dict[str, Any], industry: str, plan: str, turnover: int) -> None:
    """Whatever is answered to 告知 later, and wherever the turnover lies between two points."""
    quote = offered({**case, **TERMS, "industry": industry, "plan": plan, "turnover": turnover})
    right = bisect_right(ESTIMATE.turnovers, turnover)
    between = slice(right - 1, right + 1)

    for kind, premium in quote.items():
        cover = cover_of(industry, plan, kind)
        lowest, highest = cover.lowest[between], cover.highest[between]
        assert premium >= min(figure for figure in lowest if figure is not None)
        assert None in highest or premium <= max(figure or 0 for figure in highest)


def test_the_best_and_the_worst_answers_are_those_that_a_person_would_name() -> None:
    found = extremes(RETAIL, TARIFF)

    assert (found.best["d3_08"], found.best["d3_01_a"]) == ("yes", "yes")
    assert (found.worst["d3_08"], found.worst["d3_01"]) == ("no", "no")
    assert {found.best["incidents"], found.worst["incidents"], found.best["d3_03"], found.worst["d3_03"]} == {"no"}
    assert cover_of("retail", "basic", "chosen").lowest[AT_5_OKU] == 37_120
    assert cover_of("retail", "basic", "chosen").highest[AT_5_OKU] == 129_920


def test_an_answer_that_sends_the_request_to_a_person_is_none_of_them() -> None:
    """A firewall that is not there is looked at by a person: then the dearest quote has one."""
    stricter = replace(TARIFF, rules=(*TARIFF.rules, Rule("no-firewall", {"d3_06": frozenset({"no", "unknown"})}, "")))

    retail = next(industry for industry in of(stricter).industries if industry.industry == "retail")

    worst = {**extremes(RETAIL, TARIFF).worst, "d3_06": "yes"}
    assert retail.covers[0].highest[AT_5_OKU] == offered(worst, stricter)["chosen"] == 123_240


def test_an_industry_that_needs_a_person_has_the_reason_and_no_premium() -> None:
    reasons = {industry.industry: industry.reasons for industry in ESTIMATE.industries if not industry.covers}

    assert set(reasons) | set(ELIGIBLE) == {*QUESTIONS["industry"].choices}
    assert [note.says for note in reasons["public_body"]] == ["この業種は本商品のお引受けの対象外です。"]
    assert [note.code for note in reasons["finance"]] == ["alternative-exposure"]


def test_beyond_the_authority_there_is_no_figure() -> None:
    largest = cover_of("it", "basic", "lighter")

    assert (largest.lowest[-1], largest.highest[-1]) == (4_153_820, None)
    assert cover_of("it", "basic", "chosen").lowest[-1] is None


def with_curve(values: tuple[int, ...]) -> Tariff:
    """The score of the basic part earns *values* at 0 and at 1."""

    def changed(step: Step | Adjustment) -> Step | Adjustment:
        if not isinstance(step, Adjustment):
            return step
        return replace(step, score=replace(step.score, discount=Curve((0, 1_000_000), values)))

    parts = (replace(part, steps=tuple(map(changed, part.steps))) for part in TARIFF.parts)
    return replace(TARIFF, parts=tuple(parts))


def with_turnover_bands() -> Tariff:
    """Turnover counts in steps, not along a curve."""
    bands = Banded(name="bands", reads=("turnover",), starts=(0,), values=(TARIFF.minimum_premium_yen,), outside="x")

    def changed(step: Step | Adjustment) -> Step | Adjustment:
        is_curve = isinstance(step, Step) and isinstance(step.table, Interpolated)
        return replace(step, table=bands) if isinstance(step, Step) and is_curve else step

    parts = (replace(part, steps=tuple(map(changed, part.steps))) for part in TARIFF.parts)
    return replace(TARIFF, parts=tuple(parts))


@pytest.mark.parametrize(
    "tariff",
    [
        pytest.param(with_curve((100_000, 0)), id="a better score costs more"),
        pytest.param(with_turnover_bands(), id="turnover does not count along a curve"),
        pytest.param(
            replace(TARIFF, rules=(Rule("all", {"d3_06": frozenset({"yes", "no", "unknown"})}, ""),)),
            id="every answer leads to a person",
        ),
        pytest.param(
            replace(TARIFF, authority=Banded(name="a", reads=("d3_06",), starts=(), values=(), outside="x")),
            id="an answer moves the authority",
        ),
    ],
)
def test_without_certainty_there_is_no_estimate(tariff: Tariff) -> None:
    """A band that a quote could leave would be worse than none."""
    found = estimate(TERMS, tariff)

    assert isinstance(found, NoEstimate)
    assert found.why
