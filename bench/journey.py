"""The time from the 202 until the mail server has accepted the quote, at a steady rate."""

from typing import Final

from bench.results import Figures
from bench.sending import middle_and_worst, send
from local.system import System

RATES: Final = (5, 10, 20)
"""Forms a second."""
SECONDS: Final = 20
WARM_UP: Final = 40
GOALS: Final = {5: "", 10: " (goal: p50 < 120 ms, p99 < 600 ms)", 20: " (goal: p50 < 250 ms)"}


def report(system: System) -> Figures:
    """How long a quote takes at each rate."""
    send(system, WARM_UP, RATES[0])
    figures: Figures = {}
    for rate in RATES:
        middle, worst = middle_and_worst(send(system, rate * SECONDS, rate))
        print(
            f"journey: 202 → quote accepted by the mail server at {rate} forms/s, {rate * SECONDS} forms:"
            f" p50 {middle:.0f} ms, p99 {worst:.0f} ms{GOALS[rate]}"
        )
        figures |= {f"p50 ms at {rate}/s": middle, f"p99 ms at {rate}/s": worst}
    return figures
