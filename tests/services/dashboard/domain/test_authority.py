"""Who may set which premium alone: role × amount × deviation × reason."""

import pytest

from services.dashboard.domain.authority import SetByHand, may_set, priced_referral, set_by_hand
from services.dashboard.domain.quote_terms import AnyQuote
from services.dashboard.domain.roles import Role, Staff
from shared.products import Grant
from tests.services.dashboard.builders import a_manual_offer, a_nearest_offer, a_referral, an_offer

UNDERWRITER = Grant(
    role="underwriter", reasons=frozenset({"incident-reported"}), premium_up_to=1_000_000, deviation_up_to=10
)
MANAGER = Grant(
    role="manager",
    reasons=frozenset({"incident-reported", "turnover-outside"}),
    premium_up_to=5_000_000,
    deviation_up_to=30,
)
GRANTS = (UNDERWRITER, MANAGER)
INCIDENT = ("incident-reported",)
TURNOVER = ("turnover-outside",)
BOTH = INCIDENT + TURNOVER


def a_deviation(premium_yen: int, of_tariff: int) -> SetByHand:
    return SetByHand(premium_yen=premium_yen, tariff_premium=of_tariff, reasons=frozenset())


def a_price(premium_yen: int, reasons: tuple[str, ...] | None) -> SetByHand:
    return SetByHand(
        premium_yen=premium_yen, tariff_premium=None, reasons=None if reasons is None else frozenset(reasons)
    )


@pytest.mark.parametrize(
    ("wanted", "from_role"),
    [
        pytest.param(a_deviation(100_000, 100_000), Role.underwriter, id="the tariff's own premium"),
        pytest.param(a_deviation(110_000, 100_000), Role.underwriter, id="10 % more"),
        pytest.param(a_deviation(90_000, 100_000), Role.underwriter, id="10 % less"),
        pytest.param(a_deviation(110_001, 100_000), Role.manager, id="a yen beyond 10 %, which is shown as 10.0 %"),
        pytest.param(a_deviation(89_999, 100_000), Role.manager, id="a yen below 10 % less"),
        pytest.param(a_deviation(130_000, 100_000), Role.manager, id="30 % more"),
        pytest.param(a_deviation(70_000, 100_000), Role.manager, id="30 % less"),
        pytest.param(a_deviation(130_001, 100_000), None, id="a yen beyond 30 %"),
        pytest.param(a_deviation(1_000_000, 1_000_000), Role.underwriter, id="the largest of an underwriter"),
        pytest.param(a_deviation(1_000_001, 1_000_001), Role.manager, id="a yen more"),
        pytest.param(a_deviation(5_000_000, 5_000_000), Role.manager, id="the largest of a manager"),
        pytest.param(a_deviation(5_000_001, 5_000_001), None, id="a yen more than that"),
        pytest.param(a_deviation(1_100_000, 1_000_000), Role.manager, id="near enough, but too much"),
        pytest.param(a_price(100_000, INCIDENT), Role.underwriter, id="a referral of a reason that they may price"),
        pytest.param(a_price(1_000_001, INCIDENT), Role.manager, id="the same for more"),
        pytest.param(a_price(100_000, TURNOVER), Role.manager, id="a reason for managers"),
        pytest.param(a_price(100_000, BOTH), Role.manager, id="two reasons, and both must be granted"),
        pytest.param(a_price(100_000, ("over-authority",)), None, id="a reason for the insurer"),
        pytest.param(a_price(100_000, (*INCIDENT, "new-reason")), None, id="a reason that nobody has heard of"),
        pytest.param(a_price(100_000, None), None, id="reasons that cannot be read"),
        pytest.param(a_price(100_000, ()), None, id="another cover than the nearest, which alone was priced"),
    ],
)
@pytest.mark.parametrize("role", Role)
def test_a_premium_is_set_alone_from_some_role_on(wanted: SetByHand, from_role: Role | None, role: Role) -> None:
    roles = list(Role)
    expected = from_role is not None and roles.index(role) >= roles.index(from_role)

    assert may_set(Staff("hanako", role), wanted, GRANTS) is expected


@pytest.mark.parametrize("role", Role)
def test_without_grants_nobody_sets_a_premium_alone(role: Role) -> None:
    assert not may_set(Staff("hanako", role), a_deviation(100_000, 100_000), ())


def test_two_grants_do_not_add_up() -> None:
    """One allows the amount and the other the reason: nobody has granted both."""
    much = Grant(role="desk", reasons=frozenset(), premium_up_to=9_000_000, deviation_up_to=0)

    assert not may_set(Staff("hanako", Role.underwriter), a_price(2_000_000, INCIDENT), (much, UNDERWRITER))


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        pytest.param([an_offer(67_000)], a_deviation(70_000, 67_000), id="an offer"),
        pytest.param([an_offer(67_000), a_manual_offer()], a_deviation(70_000, 67_000), id="by hand after an offer"),
        pytest.param([a_referral()], a_price(70_000, INCIDENT), id="a referral"),
        pytest.param([a_referral(), a_manual_offer()], a_price(70_000, INCIDENT), id="by hand after a referral"),
        pytest.param([a_referral(), an_offer(67_000, revision=2)], a_deviation(70_000, 67_000), id="priced since"),
        pytest.param([a_nearest_offer()], a_price(70_000, ()), id="the nearest cover"),
    ],
)
def test_it_is_measured_by_what_rating_made_last(quotes: list[AnyQuote], expected: SetByHand) -> None:
    assert set_by_hand(70_000, quotes, INCIDENT) == expected


def test_a_premium_by_hand_answers_the_referral_before_it() -> None:
    referral = a_referral()

    assert priced_referral([referral, a_manual_offer(), a_manual_offer(revision=3)]) is referral
    assert priced_referral([referral, an_offer(revision=2)]) is None
    assert priced_referral([]) is None
