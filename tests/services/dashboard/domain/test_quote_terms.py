"""What staff start from when they decide on a quote: the terms as they are, and what the tariff asks for them."""

from decimal import Decimal

import pytest

from services.dashboard.domain.quote_terms import AnyQuote, QuoteTerms, deviation, tariff_premium, terms_of
from shared.events.parcels import DecisionForDesk
from tests.services.dashboard.builders import (
    COVER,
    PRODUCT,
    a_manual_offer,
    a_nearest_offer,
    a_referral,
    an_offer,
)


def terms(*decisions: DecisionForDesk | None, quote: AnyQuote | None = None, **answers: str | int) -> QuoteTerms:
    return terms_of(PRODUCT.form, COVER | answers, decisions, quote)


def a_change(**changed: str | int) -> DecisionForDesk:
    return DecisionForDesk(reason="ご希望", terms=changed)


def test_a_referral_is_about_what_was_asked_for_and_changed_since() -> None:
    found = terms(a_change(plan="wide"), a_change(cost_limit=50_000_000), quote=a_referral(revision=3))

    assert found.asked == found.shown == COVER | {"plan": "wide", "cost_limit": 50_000_000}


def test_an_offer_shows_what_can_be_had_and_rating_still_has_what_was_asked_for() -> None:
    found = terms(quote=a_nearest_offer(), plan="wide", rider_leak_only="yes")

    assert (found.asked["plan"], found.shown["plan"]) == ("wide", "basic")
    assert (found.asked["rider_leak_only"], found.shown["rider_leak_only"]) == ("yes", "no")
    assert found.shown["rider_fixed_premium"] == "yes"


def test_after_a_decision_that_cannot_be_read_nobody_knows_what_rating_has() -> None:
    found = terms(a_change(plan="wide"), None, quote=an_offer(revision=3))

    assert found.asked == {}
    assert found.has_cover


def test_a_choice_that_the_form_does_not_have_is_no_term() -> None:
    found = terms(quote=a_referral(), plan="gold")

    assert "plan" not in found.shown
    assert not found.has_cover


@pytest.mark.parametrize(
    ("quotes", "premium"),
    [
        pytest.param([], None, id="no quote"),
        pytest.param([an_offer(67_000)], 67_000, id="the tariff's own"),
        pytest.param([a_referral()], None, id="a referral has none"),
        pytest.param(
            [an_offer(67_000), a_manual_offer(81_230)], 67_000, id="by hand, for the terms of the offer before"
        ),
        pytest.param(
            [an_offer(67_000), a_manual_offer(81_230), a_manual_offer(80_000, revision=3)], 67_000, id="by hand twice"
        ),
        pytest.param([a_referral(), a_manual_offer()], None, id="by hand after a referral"),
        pytest.param([an_offer(67_000), an_offer(99_000, revision=2)], 99_000, id="other terms, another premium"),
        pytest.param([a_nearest_offer()], None, id="the nearest cover is another cover"),
    ],
)
def test_the_tariffs_premium_is_that_of_the_same_terms(quotes: list[AnyQuote], premium: int | None) -> None:
    assert tariff_premium(quotes) == premium


@pytest.mark.parametrize(
    ("premium", "percent"),
    [(67_000, "0.0"), (73_700, "10.0"), (60_300, "-10.0"), (81_230, "21.2"), (66_999, "0.0"), (1, "-100.0")],
)
def test_a_deviation_is_in_percent_of_the_tariffs_premium(premium: int, percent: str) -> None:
    assert deviation(premium, 67_000) == Decimal(percent)
