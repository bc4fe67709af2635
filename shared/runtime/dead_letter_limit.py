"""A bug that shows with every record of a type stops their reader: else all of them would become dead letters.

What counts: records of one type that are set aside as a bug, one after the other. What ends it: one of that type
that is done. A record that is refused or waits for a key proves nothing about our code, and one of another type nothing
about this one: with receipts in between, a notify that can write no quote's letter would never stop. A record of no
type of ours does not count: whoever writes it to a topic must not be able to stop a reader
(docs/adr/0031-dead-letter-limit.md).
"""

from collections import defaultdict
from typing import Final

import structlog
from prometheus_client import Gauge

from shared.events import PUBLISHED

log = structlog.get_logger(__name__)

STOPPED = Gauge("consumer_stopped", "1 while too many records of this type in a row fail by a bug: they wait", ["type"])

_TYPES: Final = frozenset(event.type for event in PUBLISHED)


class DeadLetterLimit:
    """So many records of one type in a row may be set aside as a bug; 0: any number. A restart counts anew."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._in_a_row: dict[str, int] = defaultdict(int)

    @property
    def is_reached(self) -> bool:
        """Whether records of any type wait."""
        return any(map(self.holds, self._in_a_row))

    def holds(self, event_type: str) -> bool:
        """Whether records of this type that fail are not set aside any more."""
        return 0 < self._most <= self._in_a_row.get(event_type, 0)

    def count_bug(self, event_type: str) -> None:
        """One more is set aside. Call it before that: others that fail at the same moment must know."""
        if event_type not in _TYPES or self.holds(event_type):
            return
        self._in_a_row[event_type] += 1
        if self.holds(event_type):
            STOPPED.labels(event_type).set(1)
            log.error("consumer stops", reason="dead-letter-limit", type=event_type, count=self._most)

    def take_back(self, event_type: str) -> None:
        """What was counted is no new dead letter: it was read again after a restart, which counts anew."""
        if event_type not in self._in_a_row:
            return
        was_held = self.holds(event_type)
        self._in_a_row[event_type] -= 1
        if was_held:
            self._say_that_it_goes_on(event_type)

    def count_done(self, event_type: str) -> None:
        """One was done, so it is not every one of them."""
        if self.holds(event_type):
            self._say_that_it_goes_on(event_type)
        self._in_a_row.pop(event_type, None)

    def _say_that_it_goes_on(self, event_type: str) -> None:
        STOPPED.labels(event_type).set(0)
        log.warning("consumer goes on", type=event_type)
