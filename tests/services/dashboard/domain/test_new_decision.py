"""What staff may decide about a quote, and when it is refused."""

from datetime import date

import pytest

from services.dashboard.domain.case import Case, case_of
from services.dashboard.domain.facts import Fact
from services.dashboard.domain.new_decision import (
    ChangeTerms,
    NewDecision,
    SetPremium,
    can_be_decided,
    content_of,
    decision_problems,
)
from services.dashboard.domain.quote_terms import QuoteTerms, terms_of
from shared.events import TariffRef
from tests.services.dashboard.builders import (
    COVER,
    PRODUCT,
    a_closing,
    a_decision,
    a_referral,
    a_reopening,
    a_request,
    an_offer,
)

WIDE = ChangeTerms({"plan": "wide"}, "ご希望による")
BY_HAND = SetPremium(80_000, "本社の承認による")
TODAY = date(2026, 11, 23)
WITHOUT_TARIFF = a_referral().model_copy(update={"tariff": TariffRef(id="none", sha256="")})


def a_case(*facts: Fact) -> Case:
    case = case_of([a_request(), *facts])
    assert isinstance(case, Case)
    return case


def the_terms(**answers: str | int) -> QuoteTerms:
    return terms_of(PRODUCT.form, COVER | answers, (), None)


@pytest.mark.parametrize("decision", [WIDE, BY_HAND], ids=["terms", "premium"])
@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        pytest.param([], "no-quote", id="no quote yet"),
        pytest.param([WITHOUT_TARIFF], "no-tariff", id="no tariff was in force"),
        pytest.param([an_offer(), a_closing()], "closed", id="closed"),
        pytest.param([an_offer(), a_decision()], "awaited", id="the next is on its way"),
    ],
)
def test_some_cases_have_no_next_revision(facts: list[Fact], problem: str, decision: NewDecision) -> None:
    assert decision_problems(decision, a_case(*facts), the_terms(), TODAY) == [problem]
    assert not can_be_decided(a_case(*facts), the_terms())


@pytest.mark.parametrize("decision", [WIDE, BY_HAND], ids=["terms", "premium"])
@pytest.mark.parametrize(
    "facts",
    [
        pytest.param([an_offer()], id="an offer"),
        pytest.param([a_referral()], id="a referral"),
        pytest.param([an_offer(), a_decision(), an_offer(revision=2)], id="the next has come"),
        pytest.param([an_offer(), a_closing(), a_reopening()], id="opened again"),
    ],
)
def test_otherwise_it_can_be_decided(facts: list[Fact], decision: NewDecision) -> None:
    assert decision_problems(decision, a_case(*facts), the_terms(), TODAY) == []
    assert can_be_decided(a_case(*facts), the_terms())


def test_without_the_customers_answers_nothing_is_decided() -> None:
    assert decision_problems(WIDE, a_case(an_offer()), None, TODAY) == ["unreadable"]


@pytest.mark.parametrize(
    ("decision", "problems"),
    [
        pytest.param(SetPremium(80_000, " \n"), ["no-reason"], id="no reason"),
        pytest.param(SetPremium(80_000, "あ" * 1_001), ["long-reason"], id="a very long reason"),
        pytest.param(SetPremium(None, "x"), ["bad-premium"], id="no amount"),
        pytest.param(SetPremium(0, "x"), ["bad-premium"], id="nought"),
        pytest.param(SetPremium(10**10 + 1, "x"), ["bad-premium"], id="beyond all measure"),
        pytest.param(SetPremium(10**10, "x"), [], id="the largest that rating takes"),
        pytest.param(SetPremium(81_235, "x"), ["premium-step"], id="in other steps than the tariff's"),
        pytest.param(SetPremium(10, "x"), [], id="the smallest"),
        pytest.param(ChangeTerms({"plan": "basic"}, "x"), ["same-terms"], id="nothing changed"),
        pytest.param(ChangeTerms({"plan": "gold"}, "x"), ["same-terms"], id="no choice of the form"),
        pytest.param(ChangeTerms({"d3_08": "yes"}, "x"), ["same-terms"], id="what the customer disclosed"),
        pytest.param(ChangeTerms({"plan": "basic"}, ""), ["no-reason", "same-terms"], id="two things at once"),
    ],
)
def test_what_is_missing_is_all_named(decision: NewDecision, problems: list[str]) -> None:
    assert decision_problems(decision, a_case(an_offer()), the_terms(), TODAY) == problems


def test_a_premium_needs_a_cover_that_it_is_for() -> None:
    assert decision_problems(BY_HAND, a_case(a_referral()), the_terms(plan="gold"), TODAY) == ["no-cover"]


@pytest.mark.parametrize(
    ("last_day", "problems"),
    [
        pytest.param(TODAY, ["same-terms"], id="on the last day"),
        pytest.param(date(2026, 11, 22), [], id="a day after it"),
    ],
)
def test_the_same_terms_are_priced_again_once_the_quote_has_expired(last_day: date, problems: list[str]) -> None:
    """The page asked for a new quote, and refused the one that the customer wanted: with the same terms."""
    chosen = {key: str(value) for key, value in COVER.items()}
    again, case = ChangeTerms(chosen, "有効期限が過ぎたため"), a_case(an_offer(expires_on=last_day))

    assert decision_problems(again, case, the_terms(), TODAY) == problems
    assert content_of(again, the_terms()).terms == COVER


def test_also_of_an_expired_quote_some_terms_must_be_chosen() -> None:
    case = a_case(an_offer(expires_on=date(2026, 11, 22)))

    assert decision_problems(ChangeTerms({"plan": "gold"}, "x"), case, the_terms(), TODAY) == ["same-terms"]


def test_rating_is_told_only_what_changed() -> None:
    chosen = {key: str(value) for key, value in COVER.items()} | {"plan": "wide", "cost_limit": "50000000"}

    content = content_of(ChangeTerms(chosen, " ご希望による "), the_terms())

    assert content.model_dump(exclude_unset=True) == {
        "reason": "ご希望による",
        "terms": {"plan": "wide", "cost_limit": 50_000_000},
    }


def test_a_premium_comes_without_terms() -> None:
    """Rating refuses a decision with both."""
    assert content_of(BY_HAND, the_terms()).model_dump(exclude_unset=True) == {
        "reason": "本社の承認による",
        "premium": 80_000,
    }
