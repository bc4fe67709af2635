"""Guessing a password is slow."""

from datetime import datetime, timedelta

import pytest

from services.dashboard.domain.lockout import locked_until
from tests.services.dashboard.builders import NOON


def minutes(*ago: float) -> list[datetime]:
    return [NOON - timedelta(minutes=one) for one in ago]


@pytest.mark.parametrize(
    ("tries", "wait_min"),
    [
        pytest.param([], None, id="a first try is free"),
        pytest.param([4, 3, 2, 1], None, id="four failures are forgiven"),
        pytest.param([4, 3, 2, 1, 0], 15, id="the fifth is not"),
        pytest.param([18, 17, 16, 15.5, 14.5], 0.5, id="until fifteen minutes after the fifth"),
        pytest.param([19, 18, 17, 16, 15], None, id="then one more try"),
        pytest.param([19, 18, 17, 16, 15.5, 0], 15, id="which had better be right"),
        pytest.param([40, 35, 31, 30, 0], None, id="old failures are forgotten"),
    ],
)
def test_after_five_failures_an_account_waits(tries: list[float], wait_min: float | None) -> None:
    free = None if wait_min is None else NOON + timedelta(minutes=wait_min)

    assert locked_until(minutes(*tries), NOON) == free


def test_a_clock_that_is_put_back_locks_nobody_out_for_hours() -> None:
    """The five tries lay five hours ahead, and the account was locked until a quarter of an hour after them."""
    assert locked_until(minutes(*[-300] * 5), NOON) is None


def test_tries_of_a_host_whose_clock_is_a_little_ahead_count() -> None:
    assert locked_until(minutes(*[-0.5] * 5), NOON) is not None
