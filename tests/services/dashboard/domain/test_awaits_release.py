"""Which cases wait for staff to send a quote, as the list and its tab 要確認 know it."""

from dataclasses import replace
from datetime import date

import pytest

from services.dashboard.domain.awaits_release import awaits_release_of
from services.dashboard.domain.case import Case, State, case_of
from services.dashboard.domain.facts import Fact
from services.dashboard.domain.summary import CaseSummary, summary_of
from tests.services.dashboard.builders import (
    BY_DESK,
    PRODUCT,
    a_closing,
    a_decision,
    a_hold,
    a_lifting,
    a_referral,
    a_refusal,
    a_release,
    a_request,
    an_approval_asked,
    an_offer,
)
from tests.services.dashboard.fakes import AWAITS_RELEASE


def summary(*facts: Fact) -> CaseSummary:
    case = case_of(facts)
    assert isinstance(case, Case)
    return summary_of(case, None, None, awaits_release=AWAITS_RELEASE(case))


@pytest.mark.parametrize(
    ("facts", "waits"),
    [
        pytest.param([an_offer()], True, id="priced"),
        pytest.param([], False, id="not priced yet"),
        pytest.param([a_referral()], False, id="referred"),
        pytest.param([an_offer(), a_release()], False, id="released"),
        pytest.param([an_offer(), a_release(), a_decision(), an_offer(revision=2)], True, id="another revision"),
        pytest.param([an_offer(), a_decision()], False, id="another revision is on its way"),
        pytest.param([an_offer(), an_approval_asked()], False, id="its premium waits for an approval"),
        pytest.param([an_offer(), an_approval_asked(), a_refusal()], True, id="which was refused"),
        pytest.param([an_offer(), a_hold()], False, id="on hold"),
        pytest.param([an_offer(), a_hold(), a_lifting()], True, id="not on hold any more"),
        pytest.param([an_offer(), a_closing()], False, id="closed"),
        pytest.param([an_offer(expires_on=date(2000, 1, 1))], True, id="expired, and nobody was told"),
    ],
)
def test_a_quote_that_only_staff_can_send_must_be_looked_at(facts: list[Fact], waits: bool) -> None:  # noqa: FBT001  # a row of the table
    """It stood in no list but that of all cases, and the customer waited until somebody came across it."""
    found = summary(a_request(product="by-desk"), *facts)

    assert found.awaits_release is waits
    assert found.must_check is (waits or found.state is State.REFERRED)


@pytest.mark.parametrize(
    "request_made",
    [
        pytest.param(a_request(), id="a product whose quotes go out by themselves"),
        pytest.param(a_request(product="gone"), id="a product that is gone"),
        pytest.param(a_request(product="by-desk", suspicions=("honeypot",)), id="all its mails are held"),
    ],
)
def test_no_other_quote_waits_for_that(request_made: Fact) -> None:
    assert not summary(request_made, an_offer()).awaits_release


def test_when_a_product_changes_how_its_quotes_go_out_the_rules_have_another_name() -> None:
    others = [{}, {"by-desk": replace(BY_DESK, release="auto")}, {"cyber-security": PRODUCT}]

    assert awaits_release_of({"by-desk": BY_DESK}).rules == AWAITS_RELEASE.rules
    for products in others:
        assert awaits_release_of(products).rules != AWAITS_RELEASE.rules
