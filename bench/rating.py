"""One quote in this process: with workings, savings and other options, and against ZEN with the same tariff."""

import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import chain, product
from statistics import median
from typing import Any, Final

from bench.results import Figures
from bench.samples import STORY, next_request
from bench.zen import Evaluate, by_decision, by_engine
from pricing.actuary.impact.batch.columns import answers_at, questions_of
from pricing.actuary.impact.synthetic import synthetic_book
from pricing.engine.arithmetic import figures_of, total_of
from pricing.engine.cover import nearest
from pricing.engine.money import EXACT
from pricing.engine.price import premium_of, price
from pricing.engine.result import Offered
from pricing.tariff import Adjustment, Tariff, load_priced_products
from shared.events import Grid, Option

QUOTES: Final = 1_000
WHOLE_QUOTES: Final = 50
COMPARED: Final = 2_000
GOAL_US: Final = 7
GOAL_RATIO: Final = 5

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Priced:
    """Answers that have a premium, and what it was before the rounding, to the last digit."""

    answers: Answers
    premium: int
    amount: Decimal


def report() -> Figures:
    """How long a quote takes for each of its options, how long ZEN takes, and whether ZEN gives the same yen."""
    tariff = load_priced_products()["cyber-security"].tariffs[-1]
    answers = _answers()
    result = price(answers, tariff)
    if not isinstance(result, Offered):
        raise TypeError("the benchmark's request must be priced")
    zen = by_engine(tariff)
    whole = each(QUOTES, lambda: price(answers, tariff))
    options = _options(result)
    print(f"rating: {_quote(answers, options, whole)}")
    ours, theirs = each(QUOTES, lambda: premium_of(answers, tariff)), each(QUOTES, lambda: zen(answers))
    print(f"rating: {_premium(answers, tariff, ours, theirs)}")
    print(f"rating: {_one_by_one(answers, result, zen, whole)}")
    print(f"rating: {_exactness(tariff, zen)}")
    return {
        "quote µs": whole * 1e6,
        "option µs": whole * 1e6 / options,
        "premium alone µs": ours * 1e6,
        "premium alone, ZEN x ours": theirs / ours,
    }


def _options(result: Offered) -> int:
    return len(result.options) + sum(len(grid.row_values) * len(grid.column_values) for grid in result.grids)


def _quote(answers: Answers, options: int, whole: float) -> str:
    round_trip = each(QUOTES, lambda: json.loads(json.dumps(answers)))
    return (
        f"{whole * 1e6:.0f} µs per quote with workings, savings and {options} options"
        f" = {whole * 1e6 / options:.1f} µs per option (goal {GOAL_US}), {whole / round_trip:.0f} x a JSON round trip"
        " of its answers"
    )


def _premium(answers: Answers, tariff: Tariff, ours: float, quick: float) -> str:
    """ZEN in two ways of its documentation: the quicker is the baseline, its first example is printed too."""
    decision = by_decision(tariff)
    created = each(QUOTES, lambda: decision(answers))
    return (
        f"{ours * 1e6:.0f} µs per premium alone; ZEN with the same tariff {quick * 1e6:.0f} µs from a loader"
        f" = {quick / ours:.1f} x ours (goal {GOAL_RATIO}), {created * 1e6:.0f} µs from create_decision"
        f" = {created / ours:.1f} x ours"
    )


def _one_by_one(answers: Answers, result: Offered, zen: Evaluate, whole: float) -> str:
    covers = [{**answers, **terms} for terms in _terms(result)]
    theirs = each(WHOLE_QUOTES, lambda: [zen(cover) for cover in covers])
    return (
        f"ZEN takes {theirs * 1e3:.1f} ms for the premiums of the {len(covers)} options that have one, one by one and"
        f" with nothing beside them = {theirs / whole:.1f} x our whole quote"
    )


def _answers() -> Answers:
    body = next_request()()
    return {key: body["answers"][key] for key in STORY.answers if key not in {"brochure", "quote"}}


def _terms(result: Offered) -> Iterator[Answers]:
    """The terms of each option, and of each cell of the grids that has a premium."""
    yield from map(_terms_of, result.options)
    for grid in result.grids:
        yield from ({**_terms_of(result.head), **terms} for terms in _cells(grid))


def _terms_of(option: Option) -> Answers:
    keys = ("plan", "liability_limit", "cost_limit", "liability_deductible", "cost_deductible")
    return {key: getattr(option, key) for key in keys}


def _cells(grid: Grid) -> Iterator[Answers]:
    for row, cells in zip(grid.row_values, grid.cells, strict=True):
        for column, cell in zip(grid.column_values, cells, strict=True):
            if cell.premium is not None:
                yield {grid.rows: row, grid.columns: column}


def _exactness(tariff: Tariff, zen: Evaluate) -> str:
    """Premiums compared to the yen: ZEN's own rounding, and two roundings in Python of the amounts that it returns."""
    cases = [*made_up(tariff, COMPARED), *short_figured(tariff)]
    step = tariff.round_to_yen
    results = [zen(case.answers) for case in cases]
    own, even, half_up = (
        [(case, theirs) for case, theirs in zip(cases, premiums, strict=True) if theirs != case.premium]
        for premiums in (
            [result["premium"] for result in results],
            [round(result["amount"] / step) * step for result in results],
            [math.floor(result["amount"] / step + 0.5) * step for result in results],
        )
    )
    on_the_edge = sum(case.amount % step * 2 == step for case in cases)
    inexact = sum(Decimal(result["amount"]) != case.amount for case, result in zip(cases, results, strict=True))
    return (
        f"of {len(cases):,} premiums ({on_the_edge} exactly between two) ZEN's own rounding gives"
        f" {_other(own)}; of the amounts that it hands to Python, {inexact:,} come as a float that is not"
        f" what they are, from which round() makes {_other(even)} and half up {_other(half_up)}"
    )


def _other(off: list[tuple[Priced, int]]) -> str:
    if not off:
        return "no other premium"
    case, theirs = off[0]
    return f"{len(off)} others (such as {theirs:,}円 for {case.amount.normalize():,f}円, ours {case.premium:,}円)"


def made_up(tariff: Tariff, rows: int) -> list[Priced]:
    """The synthetic requests over which tariffs are compared, the same in every run."""
    columns, questions = synthetic_book(rows, [tariff], (1,)), questions_of([tariff])
    return [*_priced((answers_at(row, columns, questions) for row in range(rows)), tariff)]


def short_figured(tariff: Tariff) -> list[Priced]:
    """Every mix of the terms whose figures have few digits: many of their amounts lie exactly between two premiums."""
    varied = ("industry", "liability_deductible", "cost_deductible", "rider_it")
    neutral = {**_answers(), "turnover": 500_000, "liability_limit": 100_000_000, "cost_limit": 30_000_000}
    requests = (
        {**neutral, **controls, **dict(zip(varied, mix, strict=True))}
        for controls in (_controls(tariff, max), _controls(tariff, min))
        for mix in product(*(tariff.questions[key].choices for key in varied))
    )
    return [*_priced(requests, tariff)]


def _controls(tariff: Tariff, best: Callable[..., str | int]) -> Answers:
    """Every control in place, or none: whichever is *best*."""
    steps = chain.from_iterable(part.steps for part in tariff.parts)
    items = chain.from_iterable(step.score.items for step in steps if isinstance(step, Adjustment))
    choices = ((key, item.ticks, best(worth, key=worth.__getitem__)) for item in items for key, worth in item.by)
    return {key: [choice] if is_ticks else choice for key, is_ticks, choice in choices}


def _priced(requests: Iterable[Answers], tariff: Tariff) -> Iterator[Priced]:
    """The requests that have a premium without a change, with only those answers whose questions are asked.

    ZEN gets what our engine has read, because it does not know which questions are not asked.
    """
    for answers in requests:
        premium = premium_of(answers, tariff)
        with localcontext(EXACT):
            reading, changes = nearest(answers, tariff)
            total = total_of(figures_of(reading.parts, reading.known)) if isinstance(premium, int) else None
        if isinstance(premium, int) and total is not None and not changes:
            yield Priced(reading.known, premium, max(total, tariff.minimum_premium_yen))


def each(times: int, work: Callable[[], object]) -> float:
    """The median time of *work*, in seconds."""
    work()
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return median(took)
