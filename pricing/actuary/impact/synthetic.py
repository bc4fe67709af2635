"""A synthetic book of requests, the same for the same seed and tariffs: mostly plausible, with edge cases on purpose.

How many firms of which trade, size and cover there are is assumed, not taken from any portfolio. What the form may
ask beyond the keys named here is answered evenly. Chance may use binary fractions; nothing here is a premium.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from pricing.actuary.impact.batch.columns import Column, Columns, column_of, missing, questions_of, unknown
from pricing.tariff import Asked, Banded, Interpolated, Step, Tariff

Chance = np.random.Generator
Shares = npt.NDArray[np.float64]

INDUSTRY: Final = "industry"
IT_TRADES: Final = ("it", "telecom")
EDGE_EVERY: Final = 1_000
"""One row in this many is made for each edge: each rule, each exchange, each kind of answer that cannot be priced."""

WEIGHTS: Final[Mapping[str, Mapping[str | int, int]]] = {
    INDUSTRY: {
        "manufacturing": 170,
        "construction": 130,
        "wholesale": 110,
        "retail": 120,
        "restaurant": 50,
        "hotel": 15,
        "logistics": 40,
        "it": 80,
        "telecom": 8,
        "infrastructure": 5,
        "real_estate": 60,
        "medical": 60,
        "education": 15,
        "finance": 12,
        "professional": 55,
        "other_service": 60,
        "association": 6,
        "public_body": 2,
        "consumer_loan": 1,
        "ceremonial_mutual_aid": 1,
    },
    "plan": {"basic": 65, "wide": 35},
    "liability_limit": {100_000_000: 50, 50_000_000: 15, 300_000_000: 12, 500_000_000: 8, 1_000_000_000: 4},
    "cost_limit": {30_000_000: 45, 10_000_000: 12, 50_000_000: 12, 100_000_000: 12},
    "liability_deductible": {100_000: 55, 0: 14, 300_000: 8, 1_000_000: 4},
    "cost_deductible": {0: 70, 100_000: 12, 500_000: 6},
    "rider_leak_only": {"no": 93, "yes": 7},
    "rider_fixed_premium": {"yes": 60, "no": 40},
    "incidents": {"no": 955, "yes": 35, "unknown": 10},
    "d3_03": {"no": 965, "yes": 25, "unknown": 10},
    "d3_15": {"yes": 35, "sometimes": 20, "no": 38, "unknown": 7},
}
"""How often each choice is made, beside the others of its question. A choice that is not named weighs 1."""

RIDER_IT: Final = "rider_it"
IT_RIDER_AMONG: Final = {True: 0.6, False: 0.03}
"""How many take the IT rider, among the IT trades and among the others."""

TURNOVER_MEDIAN: Final = 300_000
TURNOVER_SPREAD: Final = 1.9
"""Of the logarithm: one firm in a thousand is below 100万円, a few in a hundred thousand are above 5,000億円."""

YES_NO: Final = frozenset({"yes", "no", "unknown"})


def synthetic_book(rows: int, tariffs: Sequence[Tariff], seed: Sequence[int]) -> Columns:
    """*rows* requests that answer every question of *tariffs*."""
    chance = np.random.Generator(np.random.PCG64(list(seed)))
    questions = questions_of(tariffs)
    maturity = chance.beta(2.2, 1.8, rows)
    columns: dict[str, Column] = {}
    if INDUSTRY in questions:
        # First of all: the IT rider follows from it.
        columns[INDUSTRY] = _chosen(questions[INDUSTRY], chance, rows)
    for key, question in questions.items():
        if key not in columns:
            columns[key] = _answers(question, chance, maturity, columns, questions)
    _add_edges(columns, questions, tariffs, chance)
    return columns


def _answers(
    question: Asked, chance: Chance, maturity: Shares, columns: Columns, questions: Mapping[str, Asked]
) -> Column:
    rows = len(maturity)
    if question.kind == "thousand_yen":
        numbers = TURNOVER_MEDIAN * np.exp(TURNOVER_SPREAD * chance.standard_normal(rows))
        return column_of(question, np.minimum(numbers, 1e12).astype(np.int64))
    if question.kind == "multi":
        return _ticks(question, chance, maturity)
    if question.key == RIDER_IT and INDUSTRY in columns:
        return _it_rider(question, chance, columns[INDUSTRY], questions[INDUSTRY])
    if question.key not in WEIGHTS and question.choices.keys() == YES_NO:
        return _control(question, chance, maturity)
    return _chosen(question, chance, rows)


def _chosen(question: Asked, chance: Chance, rows: int) -> Column:
    weights = WEIGHTS.get(question.key, {})
    shares = np.cumsum([weights.get(choice, 1) for choice in question.choices])
    return column_of(question, np.searchsorted(shares, chance.integers(0, shares[-1], rows), side="right"))


def _control(question: Asked, chance: Chance, maturity: Shares) -> Column:
    """A firm that has one control in place has the others more often too; the less mature know less."""
    choices = list(question.choices)
    common = 0.15 + 0.5 * chance.random()
    luck = chance.random(len(maturity), dtype=np.float32)
    codes = np.full(len(maturity), choices.index("no"), dtype=np.int16)
    codes[luck > 1 - 0.1 * (1 - maturity)] = choices.index("unknown")
    codes[luck < 0.6 * maturity + 0.4 * common] = choices.index("yes")
    return codes


def _ticks(question: Asked, chance: Chance, maturity: Shares) -> Column:
    masks = np.zeros(len(maturity), dtype=np.int64)
    exclusive = 0
    for position, choice in enumerate(question.choices):
        if choice == question.exclusive:
            exclusive = 1 << position
        else:
            masks |= (chance.random(len(maturity), dtype=np.float32) < 0.25 * maturity).astype(np.int64) << position
    return column_of(question, np.where(masks == 0, exclusive, masks))


def _it_rider(question: Asked, chance: Chance, industry: Column, trades: Asked) -> Column:
    choices = list(question.choices)
    is_it = np.isin(industry, [position for position, trade in enumerate(trades.choices) if trade in IT_TRADES])
    takes = chance.random(len(industry)) < np.where(is_it, IT_RIDER_AMONG[True], IT_RIDER_AMONG[False])
    return column_of(question, np.where(takes, choices.index("yes"), choices.index("no")))


def _add_edges(
    columns: dict[str, Column], questions: Mapping[str, Asked], tariffs: Sequence[Tariff], chance: Chance
) -> None:
    """Put a few rows where tariffs differ and engines err. All rows are drawn alike, so it does not matter which."""
    edge = iter(range(EDGE_EVERY))
    for rule in chain.from_iterable((*tariff.rules, *tariff.unavailable) for tariff in tariffs):
        start = next(edge)
        for key, listed in rule.when.items():
            rows = columns[key][start::EDGE_EVERY]
            positions = [position for position, choice in enumerate(questions[key].choices) if choice in listed]
            rows[:] = chance.choice(positions, len(rows))
    for key, question in questions.items():
        if question.kind == "thousand_yen":
            rows = columns[key][next(edge) :: EDGE_EVERY]
            rows[:] = chance.choice(_around_points(key, tariffs), len(rows))
    _spoil(columns, questions, missing, next(edge))
    _spoil(columns, questions, unknown, next(edge))
    exclusive = {key: question for key, question in questions.items() if question.exclusive is not None}
    _spoil(columns, exclusive, lambda question: (1 << len(question.choices)) - 1, next(edge))


def _spoil(
    columns: dict[str, Column], questions: Mapping[str, Asked], code: Callable[[Asked], int], start: int
) -> None:
    """Give each row of this edge one answer that cannot be priced; the questions take turns."""
    for number, (key, question) in enumerate(questions.items()):
        columns[key][start + number * EDGE_EVERY :: EDGE_EVERY * len(questions)] = code(question)


def _around_points(key: str, tariffs: Sequence[Tariff]) -> list[int]:
    """The points and the bands' edges of every table over this number, and the numbers beside them."""
    points = {1}
    for part in chain.from_iterable(tariff.parts for tariff in tariffs):
        for step in part.steps:
            match step:
                case Step(table=Interpolated(reads=(read,), curve=curve)) if read == key:
                    points |= {*curve.points}
                case Step(table=Banded(reads=(read,), starts=starts)) if read == key:
                    points |= {*starts}
    return sorted({point + offset for point in points for offset in (-1, 0, 1)})
