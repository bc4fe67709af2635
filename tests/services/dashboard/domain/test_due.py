"""Until when staff must act: the earliest promise that is not kept yet."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.dashboard.domain.business_hours import BusinessHours
from services.dashboard.domain.case import Case, case_of
from services.dashboard.domain.due import Due, due_of
from services.dashboard.domain.facts import Fact
from shared.products.national_holidays import load_national_holidays
from tests.services.dashboard.builders import (
    PRODUCT,
    a_closing,
    a_contact,
    a_posting,
    a_referral,
    a_reopening,
    a_request,
    an_offer,
)

TUESDAY_TEN = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""10:00 in Japan. The desk calls back within 60 minutes, and answers a referral within two business days."""
IN_AN_HOUR = TUESDAY_TEN + timedelta(hours=1)
HALF_A_DAY_LATER = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
"""14:00: four hours of business, without lunch, after a try on the holiday before."""
AGAIN = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)
DUE = Due({"cyber-security": BusinessHours(desk=PRODUCT.desk, holidays=load_national_holidays())})


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        pytest.param([], IN_AN_HOUR, id="a first call"),
        pytest.param([an_offer()], IN_AN_HOUR, id="also after a quote that went out by itself"),
        pytest.param([a_contact()], None, id="called"),
        pytest.param([a_contact(outcome="no-answer")], HALF_A_DAY_LATER, id="tried to call"),
        pytest.param([a_contact(outcome="no-answer", again_at=AGAIN)], AGAIN, id="tried, and a time was set"),
        pytest.param(
            [a_contact(), a_contact(outcome="no-answer", minutes=11)], HALF_A_DAY_LATER, id="reached once, and then not"
        ),
        pytest.param([a_contact(outcome="no-answer"), a_contact(minutes=11)], None, id="reached at the second try"),
        pytest.param([a_contact(outcome="call-again", again_at=AGAIN)], AGAIN, id="to be called again"),
        pytest.param([a_referral()], IN_AN_HOUR, id="a referral, before anybody has called"),
        pytest.param(
            [a_referral(), a_contact()], datetime(2026, 11, 26, 8, 0, tzinfo=UTC), id="a referral, after the call"
        ),
        pytest.param([a_referral(), a_contact(), an_offer(revision=2)], None, id="a referral that was priced"),
        pytest.param([a_referral(), a_closing()], None, id="closed"),
        pytest.param([a_closing(), a_reopening()], IN_AN_HOUR, id="opened again"),
    ],
)
def test_the_earliest_promise_that_is_not_kept_counts(facts: list[Fact], due: datetime | None) -> None:
    assert DUE(a_case(*facts)) == due


def test_who_wants_brochures_only_was_promised_no_call() -> None:
    case = case_of([a_request(quote=False, brochure="post", at=TUESDAY_TEN), a_posting()])
    assert isinstance(case, Case)

    assert DUE(case) is None


def test_a_product_that_is_gone_promises_nothing() -> None:
    case = case_of([a_request(product="gone", at=TUESDAY_TEN)])
    assert isinstance(case, Case)

    assert DUE(case) is None


def a_case(*facts: Fact) -> Case:
    case = case_of([a_request(at=TUESDAY_TEN), *facts])
    assert isinstance(case, Case)
    return case


def test_after_a_change_of_the_promises_the_rules_have_another_name() -> None:
    ours = BusinessHours(desk=PRODUCT.desk, holidays=load_national_holidays())
    one_day_less = ours.holidays.days - {max(ours.holidays.days)}
    others = [
        replace(ours, desk=replace(PRODUCT.desk, reply_days=1)),
        replace(ours, desk=replace(PRODUCT.desk, next_try=timedelta(hours=1))),
        replace(ours, holidays=replace(ours.holidays, days=one_day_less)),
    ]

    assert due_of({"cyber-security": PRODUCT}).rules == DUE.rules
    for hours in others:
        assert Due({"cyber-security": hours}).rules != DUE.rules
