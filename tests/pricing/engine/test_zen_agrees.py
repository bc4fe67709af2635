"""The baseline of `make bench` computes the same tariff: otherwise it would be no baseline."""

from collections.abc import Callable

import pytest

from bench.rating import Priced, made_up, short_figured
from bench.zen import Evaluate, by_decision, by_engine
from pricing.engine.money import round_half_up
from pricing.tariff import Tariff
from tests.pricing.builders import TARIFF, WITHOUT_AUTHORITY


@pytest.fixture(scope="module")
def requests() -> list[Priced]:
    """From the usual to the edges, whoever may offer them."""
    return [*made_up(WITHOUT_AUTHORITY, 1_500), *short_figured(WITHOUT_AUTHORITY)]


@pytest.mark.parametrize("way", [by_engine, by_decision])
def test_the_same_answers_cost_the_same_to_the_smallest_step(
    way: Callable[[Tariff], Evaluate], requests: list[Priced]
) -> None:
    """Ten 円 may lie between an amount on the edge to us and the same amount in 28 digits."""
    zen = way(TARIFF)

    off = [
        (case.premium, theirs)
        for case in requests
        for theirs in (zen(case.answers)["premium"],)
        if abs(theirs - case.premium) > TARIFF.round_to_yen
    ]

    assert len(requests) > 3_000
    assert off == []


def test_the_amounts_that_are_compared_are_those_that_were_rounded(requests: list[Priced]) -> None:
    off = [case for case in requests if round_half_up(case.amount, TARIFF.round_to_yen) != case.premium]

    assert off == []


def test_some_of_the_requests_lie_exactly_between_two_premiums(requests: list[Priced]) -> None:
    """Only there can two ways of rounding be told apart."""
    between = [case for case in requests if case.amount % TARIFF.round_to_yen * 2 == TARIFF.round_to_yen]

    assert between
