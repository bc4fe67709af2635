"""Pricing many requests under two tariffs at once, beside the engine, which prices one after the other."""

import time
from typing import Final

from bench.results import Figures
from pricing.actuary.impact.batch.columns import answers_at, questions_of
from pricing.actuary.impact.batch.tariff import BatchTariff
from pricing.actuary.impact.rerate import SAMPLE_ROWS, rerate_synthetic
from pricing.actuary.impact.synthetic import synthetic_book
from pricing.engine.price import premium_of
from pricing.tariff import load_priced_products

ROWS: Final = 1_000_000
ROWS_BY_ENGINE: Final = 2_000
GOAL_S: Final = 4


def report() -> Figures:
    """How long a million requests under both tariffs take, including the check of a sample."""
    tariff = load_priced_products()["cyber-security"].tariffs[-1]
    started = time.perf_counter()
    book = rerate_synthetic((BatchTariff.of(tariff), BatchTariff.of(tariff)), ROWS, 1, lambda _rows: None)
    took = time.perf_counter() - started
    if book.differences:
        raise AssertionError("the columns and the engine do not agree")
    one_by_one = _by_engine()
    print(
        f"impact: {ROWS:,} requests under two tariffs in {took:.1f} s (goal {GOAL_S} s)"
        f" with {SAMPLE_ROWS:,} of them checked"
        f" = {2 * ROWS / took / one_by_one:.0f} x the engine's rate, one after the other"
    )
    return {"million requests s": took, "x the engine's rate": 2 * ROWS / took / one_by_one}


def _by_engine() -> float:
    """Premiums a second."""
    tariff = load_priced_products()["cyber-security"].tariffs[-1]
    columns = synthetic_book(ROWS_BY_ENGINE, [tariff], (1,))
    questions = questions_of([tariff])
    requests = [answers_at(row, columns, questions) for row in range(ROWS_BY_ENGINE)]
    started = time.perf_counter()
    for answers in requests:
        premium_of(answers, tariff)
    return ROWS_BY_ENGINE / (time.perf_counter() - started)
