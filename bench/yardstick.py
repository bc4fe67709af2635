"""How fast the machine is while something is measured: a shared one is half as fast from one minute to the next.

The yardstick is what the answers of a request cost as JSON and back: Python and its standard library, nothing of ours.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from threading import Event, Thread
from typing import Final

from bench.samples import STORY

REFERENCE_US: Final = 25.0
"""What it takes where the budgets of CPU were measured; they grow with it."""
_SLOWEST: Final = 2.0
_TRIPS: Final = 50
_EVERY_S: Final = 0.5
_ANSWERS: Final = STORY.answers_of(1, "1")


class Pace:
    """Samples of the yardstick, in µs of CPU."""

    def __init__(self) -> None:
        self._samples: list[float] = []

    def sample(self) -> None:
        """Measure once; a millisecond or two."""
        began = time.thread_time()
        for _ in range(_TRIPS):
            json.loads(json.dumps(_ANSWERS, ensure_ascii=False))
        self._samples.append((time.thread_time() - began) / _TRIPS * 1e6)

    @property
    def us(self) -> float:
        """The median of all."""
        return median(self._samples)

    @property
    def factor(self) -> float:
        """By how much more CPU everything takes than on the machine of the budgets: 1 to 2.

        What is measured also slows the yardstick a little, so a slower one allows no more than a slow hour explains.
        """
        return min(max(self.us / REFERENCE_US, 1.0), _SLOWEST)


@contextmanager
def keeping_pace() -> Iterator[Pace]:
    """Measure all the while that the block runs, in a thread of its own."""
    pace, is_over = Pace(), Event()

    def go_on() -> None:
        while not is_over.wait(_EVERY_S):
            pace.sample()

    pace.sample()
    thread = Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield pace
    finally:
        is_over.set()
        thread.join()
