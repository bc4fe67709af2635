"""Counts what happened within the last hour (or minute, or day), for strangers' keys, in bounded memory and time.

Keys are chosen by strangers (addresses, mailboxes), so nothing may grow or slow down with their number or that of their
events: there are at most `MOST_KEYS`, and `EVENTS_EACH` times as many events of all of them together. The oldest key is
given up first, and a key is gone as soon as its last event has left the window. What is kept is a hash of the key, so
that no mailbox lies in memory.
"""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

MOST_KEYS: Final = 100_000
"""Some 17 MB, if each comes once. A key that was given up begins at zero again."""
EVENTS_EACH: Final = 4
"""On average: a neighbourhood may have thousands of them. Together with their keys some 30 MB."""


class SlidingWindow:
    """Tells whether a key had *most* events within *window*; which events are recorded is the caller's choice.

    A dictionary and a queue instead of an `OrderedDict`, which takes half as much memory again.
    """

    def __init__(self, most: int, window: timedelta, capacity: int = MOST_KEYS) -> None:
        self._most = most
        self._window_s = window.total_seconds()
        self._capacity = capacity
        # A single moment is kept bare: most keys come once, and a tuple around it would need three times the memory.
        self._times: dict[int, float | tuple[float, ...]] = {}
        self._order: deque[int] = deque()
        self._events = 0

    def __len__(self) -> int:
        return len(self._times)

    def is_full(self, key: str, now: datetime) -> bool:
        """Whether the window holds `most` events of *key*.

        Events that are still to come do not count: the clock was put back, and nobody may wait until it is there again.
        """
        moment = now.timestamp()
        self._drop_old(moment)
        times = self._times_of(hash(key))
        return len(times) == self._most and moment - self._window_s < times[0] <= moment

    def add(self, key: str, now: datetime) -> None:
        """Record an event of *key*."""
        hashed, moment = hash(key), now.timestamp()
        if self._events >= self._capacity * EVENTS_EACH or (
            len(self._times) >= self._capacity and hashed not in self._times
        ):
            self._drop_oldest()
        before = self._times_of(hashed)
        if not before:
            self._order.append(hashed)
        self._times[hashed] = (*before, moment)[-self._most :] if before else moment
        self._events += len(self._times_of(hashed)) - len(before)

    def _times_of(self, hashed: int) -> tuple[float, ...]:
        times = self._times.get(hashed, ())
        return times if isinstance(times, tuple) else (times,)

    def _drop_oldest(self) -> None:
        hashed = self._order.popleft()
        self._events -= len(self._times_of(hashed))
        del self._times[hashed]

    def _drop_old(self, moment: float) -> None:
        """Each key is dropped once, so that this costs little for each event. Who came again goes to the end."""
        since = moment - self._window_s
        while self._order:
            times = self._times[self._order[0]]
            last = times[-1] if isinstance(times, tuple) else times
            if since < last <= moment:
                if isinstance(times, tuple):
                    self._order.rotate(-1)
                return
            self._drop_oldest()
