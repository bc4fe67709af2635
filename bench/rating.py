"""One quote in this process: with everything that is told beside it, and against ZEN with the same tariff."""

import json
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any, Final

from bench.samples import STORY, next_request
from bench.zen import decision_of
from services.rating.actuary.impact.columns import answers_at, questions_of
from services.rating.actuary.impact.synthetic import synthetic_book
from services.rating.domain.price import premium_of, price
from services.rating.domain.quote import Offered
from services.rating.domain.reading import read
from shared.products import load_products
from shared.products.tariff import Tariff

QUOTES: Final = 1_000
COMPARED: Final = 2_000
GOAL_US: Final = 30
GOAL_RATIO: Final = 5


def report() -> None:
    """Print how long a quote takes for each of its options, and how ZEN does with one premium."""
    tariff = load_products()["cyber-security"].tariffs[-1]
    body = next_request()()
    answers = {key: body["answers"][key] for key in STORY.answers if key not in {"brochure", "quote"}}
    result = price(answers, tariff)
    if not isinstance(result, Offered):
        raise TypeError("the benchmark's request must be priced")
    options = len(result.options) + sum(len(grid.row_values) * len(grid.column_values) for grid in result.grids)
    whole = each(QUOTES, lambda: price(answers, tariff))
    round_trip = each(QUOTES, lambda: json.loads(json.dumps(answers)))
    print(
        f"rating: {whole * 1e6:.0f} µs per quote with workings, savings and {options} options"
        f" = {whole * 1e6 / options:.1f} µs per option (goal {GOAL_US}), {whole / round_trip:.0f} x a JSON round trip"
        " of its answers"
    )
    decision = decision_of(tariff)
    alone = each(QUOTES, lambda: premium_of(answers, tariff))
    theirs = each(QUOTES, lambda: decision.evaluate(answers))
    print(
        f"rating: {alone * 1e6:.0f} µs per premium alone; ZEN {theirs * 1e6:.0f} µs with the same tariff"
        f" = {theirs / alone:.1f} x ours (goal {GOAL_RATIO})"
    )
    print(_exactness(tariff, decision))


def _exactness(tariff: Tariff, decision: Any) -> str:  # noqa: ANN401  the binding has no types
    compared, off = 0, []
    for answers in priceable(tariff, COMPARED):
        ours, theirs = premium_of(answers, tariff), decision.evaluate(answers)["result"]
        compared += 1
        if theirs["premium"] != ours:
            off.append((ours, theirs["premium"]))
    kind = type(decision.evaluate({**answers, "turnover": 612_345})["result"]["total"]).__name__
    found = f"first: ours {off[0][0]:,}円, ZEN {off[0][1]:,}円" if off else "none"
    return (
        f"rating: of {compared:,} premiums ZEN has {len(off)} other than ours ({found}); its amounts arrive as {kind}"
    )


def priceable(tariff: Tariff, rows: int) -> list[Mapping[str, Any]]:
    """Made-up requests that the tariff has a premium for, each with the answers that were asked for and no others.

    The cover is what can be had, so that both engines are asked for the same one.
    """
    columns, questions = synthetic_book(rows, [tariff], (1,)), questions_of([tariff])
    book = (answers_at(row, columns, questions) for row in range(rows))
    found: list[Mapping[str, Any]] = []
    for answers in book:
        result = price(answers, tariff)
        if isinstance(result, Offered) and not result.changes:
            found.append(dict(read(answers, tariff).known))
    return found


def each(times: int, work: Callable[[], object]) -> float:
    """The median time of *work*, in seconds."""
    work()
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return median(took)
