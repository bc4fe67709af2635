"""The request that the benchmarks send: a quote with every 告知 answered, from a different company each time."""

import itertools
from collections.abc import Callable
from typing import Any

from local.scenarios import PRODUCT, SCENARIOS
from shared.products import load_products

STORY = SCENARIOS[0]
_NUMBERS = itertools.count(1)
"""For all benchmarks of a run: the third request for a mailbox within a day would be held."""


def next_request() -> Callable[[], dict[str, Any]]:
    """Bodies for `POST /api/v1/requests`, no two alike."""
    version = load_products()[PRODUCT].privacy.version
    return lambda: {"product": PRODUCT, "answers": STORY.answers_of(next(_NUMBERS), version)}
