"""What the figures count."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.dashboard.domain.figures import Figure, Line, lines_of, period_of, period_problem, tallies_of
from services.dashboard.domain.summary import CaseSummary
from tests.services.dashboard.specs import some_summaries

TODAY = date(2026, 11, 23)
[ORDINARY] = some_summaries(1)


def lines(figure: Figure, *cases: CaseSummary) -> tuple[Line, ...]:
    period = period_of(TODAY - timedelta(days=6), TODAY)
    return lines_of(figure, tallies_of(cases, period), period, TODAY)


def counts(figure: Figure, *cases: CaseSummary) -> Mapping[object, int]:
    return {line.key: line.count for line in lines(figure, *cases)}


def test_every_day_of_the_period_has_its_number_also_without_a_request() -> None:
    found = counts(Figure.DAYS, replace(ORDINARY, accepted_at=period_of(TODAY, TODAY).begin))

    assert list(found.values()) == [0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        (TODAY, TODAY, None),
        (date(2024, 1, 1), date(2024, 12, 31), None),
        (date(2025, 1, 1), date(2026, 1, 2), "too-long"),
        (TODAY, TODAY - timedelta(days=1), "wrong-way"),
    ],
)
def test_a_period_is_counted_up_to_366_days(first: date, last: date, problem: str | None) -> None:
    assert period_problem(first, last) == problem


@pytest.mark.parametrize("numbers", [[1], [1, 1, 1], [1, 2, 3, 1], [7, 7, 7, 7, 7, 7], [199, 1]])
def test_shares_make_a_hundred_together(numbers: list[int]) -> None:
    at, reasons = period_of(TODAY, TODAY).begin, ("price", "cover", "other", "competitor", "postponed", "no-budget")
    cases = [
        replace(ORDINARY, accepted_at=at, closed_as="not-taken-up", close_reason=reason)
        for reason, number in zip(reasons, numbers, strict=False)
        for _ in range(number)
    ]

    found = lines(Figure.REASONS, *cases)

    assert sum(line.value or 0 for line in found) == 100
    assert all(abs((line.value or 0) - line.count * 100 / sum(numbers)) < 1 for line in found)


@pytest.mark.parametrize(
    ("took", "expected"),
    [
        pytest.param([], [], id="nothing was measured"),
        pytest.param([500], [(50, 1, 500), (95, 1, 500)], id="one case is the median of itself"),
        pytest.param([100, 200, 300], [(50, 2, 200), (95, 3, 300)], id="an odd number"),
        pytest.param(
            [*range(100, 2_100, 100)], [(50, 10, 1_000), (95, 19, 1_900), (100, 1, 2_000)], id="the slowest stand out"
        ),
    ],
)
def test_times_are_told_by_the_nearest_rank(took: list[int], expected: list[tuple[int, int, int]]) -> None:
    cases = [
        replace(ORDINARY, accepted_at=period_of(TODAY, TODAY).begin, quoted_after_ms=milliseconds)
        for milliseconds in took
    ]

    found = lines(Figure.QUOTED, *cases)

    assert [(line.key[0], line.count, line.value) for line in found] == expected


def test_what_is_open_is_counted_by_its_age_however_long_ago_it_came() -> None:
    ages = [0, 1, 2, 3, 6, 7, 29, 30, 400]
    cases = [
        replace(ORDINARY, closed_as=None, accepted_at=period_of(day, day).begin)
        for day in (TODAY - timedelta(days=age) for age in ages)
    ]

    found = counts(Figure.OPEN, *cases, replace(ORDINARY, closed_as="finished"))

    assert found == {(0, 0): 1, (1, 2): 2, (3, 6): 2, (7, 29): 2, (30, None): 2}


def test_a_premium_is_the_average_of_its_kind_in_whole_yen() -> None:
    at = period_of(TODAY, TODAY).begin
    cases = [replace(ORDINARY, accepted_at=at, premium_yen=yen, is_held=False) for yen in (50_000, 60_001, None)]
    doubtful = [replace(cases[0], premium_yen=1, is_held=True), replace(cases[0], premium_yen=1, closed_as="duplicate")]

    [line] = lines(Figure.PREMIUMS, *cases, *doubtful)

    assert (line.count, line.value) == (2, 55_000)
