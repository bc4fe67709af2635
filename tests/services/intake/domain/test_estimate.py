"""An estimate is read off the grid that rating published."""

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.engine.estimate import Estimate as Grid
from pricing.engine.estimate import estimate as grid_of
from pricing.engine.extremes import extremes
from pricing.engine.price import premium_of, price
from pricing.engine.result import Offered
from services.intake.domain.estimate import Estimate, Estimated, NeedsPerson, Question, estimate
from shared.events import TariffStarted
from tests.pricing.builders import ELIGIBLE, PRICEABLE, PRODUCT, TARIFF
from tests.services.intake.builders import a_tariff

TERMS: Final = {question.key: question.default for question in PRODUCT.form.questions if question.default is not None}


def asked(turnover: int = 500_000, *, industry: str = "retail", plan: str = "basic") -> Question:
    return Question(industry=industry, turnover=turnover, plan=plan)


def bands(found: Estimate) -> list[tuple[str, int | None, int | None]]:
    assert isinstance(found, Estimated)
    return [(band.cover.kind, band.lowest, band.highest) for band in found.bands]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param(asked(), (37_120, 129_920), id="at a point of the grid it is that of the grid"),
        pytest.param(asked(plan="wide"), (46_400, 162_400), id="of the plan that was asked for"),
        pytest.param(asked(450_000), (33_990, 129_920), id="between two points both count"),
        pytest.param(asked(500_001), (37_120, 170_780), id="one step beyond a point the next one counts"),
        pytest.param(asked(50_000), (30_000, 52_380), id="the first point"),
        pytest.param(asked(500_000_000), (566_380, 1_982_330), id="the last point"),
    ],
)
def test_the_premiums_lie_between_those_of_the_best_and_the_worst_answers(
    question: Question, expected: tuple[int, int]
) -> None:
    assert bands(estimate(a_tariff(), question))[0] == ("chosen", *expected)


def test_all_covers_of_the_plan_are_shown_the_one_that_was_asked_for_first() -> None:
    kinds = [kind for kind, _, _ in bands(estimate(a_tariff(), asked()))]

    assert kinds == ["chosen", "lighter", "fuller"]


def test_where_some_answers_need_a_person_there_is_no_highest_and_where_all_do_no_lowest() -> None:
    found = bands(estimate(a_tariff(), asked(500_000_000, industry="it")))

    assert found == [("chosen", None, None), ("lighter", 4_153_820, None), ("fuller", None, None)]


def test_a_band_beside_a_point_without_an_end_has_none_either() -> None:
    """Somewhere between the two points the dearest answers come to need a person."""
    [chosen, *_] = bands(estimate(a_tariff(), asked(2_000_000, industry="it")))

    assert chosen == ("chosen", 460_600, None)


@pytest.mark.parametrize(
    "question",
    [
        pytest.param(asked(industry="unheard-of"), id="an industry that the tariff does not know"),
        pytest.param(asked(49_999), id="a turnover below the grid"),
        pytest.param(asked(500_000_001), id="a turnover above the grid"),
        pytest.param(asked(plan="golden"), id="a plan that the tariff does not know"),
    ],
)
def test_nothing_is_guessed(question: Question) -> None:
    assert estimate(a_tariff(), question) == NeedsPerson()


def test_an_excluded_industry_is_told_apart_from_one_that_a_person_quotes() -> None:
    excluded = estimate(a_tariff(), asked(industry="public_body"))
    individual = estimate(a_tariff(), asked(industry="finance"))

    assert excluded == NeedsPerson(("この業種は本商品のお引受けの対象外です。",), is_excluded=True)
    assert isinstance(individual, NeedsPerson)
    assert "個別のお見積りとなります" in individual.reasons[0]
    assert not individual.is_excluded


def test_the_industries_that_are_told_so_on_the_form_are_those_that_the_shipped_tariff_excludes() -> None:
    """The page of an estimate and the form would send different customers away."""
    question = next(question for question in PRODUCT.form.questions if question.key == "industry")
    found = {choice.value: estimate(WHOLE, asked(industry=choice.value)) for choice in question.choices}

    assert question.tells
    assert {name for name, one in found.items() if isinstance(one, NeedsPerson) and one.is_excluded} == set(
        question.tells.values
    )


def test_where_no_cover_may_be_offered_a_person_answers() -> None:
    of_it = next(one for one in a_tariff().industries if one.industry == "it")
    heads = tuple(cover for cover in of_it.covers if cover.kind != "lighter")
    dear = a_tariff().model_copy(update={"industries": (type(of_it)(industry="it", covers=heads),)})

    assert estimate(dear, asked(500_000_000, industry="it")) == NeedsPerson()


def published() -> TariffStarted:
    """The whole grid of the shipped tariff."""
    found = grid_of(TERMS, TARIFF)
    assert isinstance(found, Grid)
    return a_tariff().model_copy(update={"turnovers": found.turnovers, "industries": found.industries})


WHOLE: Final = published()


@settings(max_examples=150, deadline=None)
@given(PRICEABLE, st.sampled_from(ELIGIBLE), st.sampled_from(["basic", "wide"]), st.integers(1_000, 500_000_000))
def test_no_quote_is_outside_its_estimate(case: dict[str, Any], industry: str, plan: str, turnover: int) -> None:
    result = price({**case, **TERMS, "industry": industry, "plan": plan, "turnover": turnover}, TARIFF)
    shown = estimate(WHOLE, asked(turnover, industry=industry, plan=plan))

    for option in result.options if isinstance(result, Offered) else ():
        assert isinstance(shown, Estimated)
        band = next(band for band in shown.bands if band.cover.kind == option.kind)
        assert band.lowest is not None
        assert band.lowest <= option.premium
        assert band.highest is None or option.premium <= band.highest


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ELIGIBLE), st.sampled_from(["basic", "wide"]), st.sampled_from(WHOLE.turnovers))
def test_at_the_points_of_the_curve_it_is_that_of_a_quote_to_the_yen(industry: str, plan: str, turnover: int) -> None:
    """`mitsumori rate` computes with the same function."""
    terms = {**TERMS, "industry": industry, "plan": plan, "turnover": turnover}
    found = extremes(terms, TARIFF)
    shown = estimate(WHOLE, asked(turnover, industry=industry, plan=plan))

    quotes = [premium_of(known, TARIFF) for known in (found.best, found.worst)]

    head = shown.bands[0] if isinstance(shown, Estimated) else None
    assert [head and head.lowest, head and head.highest] == [
        premium if isinstance(premium, int) else None for premium in quotes
    ]
