"""A thousand forms at once, and once more: how many are mailed in a second, no letter twice, and flat memory."""

import time
from typing import Final

from bench.letters import sent_twice
from bench.processes import service_memory_mb
from bench.results import Figures, Missed
from bench.sending import send
from local.system import System

FORMS: Final = 1_000
GOAL: Final = 25
GOAL_GROWTH_MB: Final = 20
"""Of all services together, in the second burst: Python keeps what the first one needed for a moment."""


def report(system: System) -> Figures:
    """Forms a second until the mail server has every quote. Raises `Missed` when a letter came twice."""
    send(system, FORMS, rate=1_000_000)
    before, began = service_memory_mb(system), time.perf_counter()
    send(system, FORMS, rate=1_000_000)
    took = time.perf_counter() - began
    after, twice = service_memory_mb(system), len(sent_twice(system.maildir))
    grown = sum(after.values()) - sum(before.values())
    figures = {"forms/s": FORMS / took, "letters sent twice": twice, "memory grown MB": grown}
    print(
        f"burst: {FORMS:,} forms at once, mailed at {FORMS / took:.1f} forms/s (goal ≥ {GOAL}), {twice} letters twice"
    )
    by_service = ", ".join(f"{name} {before[name]:.0f} → {size:.0f}" for name, size in after.items())
    print(f"burst: memory grown by {grown:.0f} MB (goal ≤ {GOAL_GROWTH_MB}): {by_service}")
    if twice:
        raise Missed(f"{twice} letters came twice", figures)
    return figures
