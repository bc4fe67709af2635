"""Keeps a library that repeats itself from filling the log: a Kafka that is away cost 11,000 lines a minute.

The first line of a kind is written, and the others are counted. Once the library has been quiet for a while, one line
says that it is over and how many were left out. Our own lines do not come by here.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog
from prometheus_client import Counter

log = structlog.get_logger(__name__)

LEFT_OUT = Counter("log_lines_left_out_total", "Lines of a library that said what another line had said", ["logger"])

QUIET_S: Final = 10.0
_LIBRARY: Final = "aiokafka"
_AWAY: Final = (
    *("Unable connect to ", "Unable to request metadata from ", "Unable to update metadata from "),
    *("Group Coordinator Request failed", "Error sending ", "Marking the coordinator dead "),
    *("Heartbeat send request failed", "Heartbeat session expired", "Heartbeat failed for group %s: coordinator"),
    *("Failed fetch messages from ", "Failed fetch offsets from ", "Cannot send "),
)
"""How its lines begin that all say one thing: no broker answers.

A line that another version words anew is a kind of its own, and is written once.
"""


class Repeats(logging.Filter):
    """Lets the first line of each kind through, of the library that repeats itself."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now_s = now_s
        self._last_s = 0.0
        self._kinds: set[tuple[str, str]] = set()
        self._left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        if record.name.partition(".")[0] != _LIBRARY:
            return True
        self._last_s = self._now_s()
        if not self._kinds:
            self._look_later()
        text = str(record.msg)
        kind = ("", "away") if text.startswith(_AWAY) else (record.name, text)
        is_new = kind not in self._kinds
        self._kinds.add(kind)
        if not is_new:
            self._left_out += 1
            LEFT_OUT.labels(_LIBRARY).inc()
        return is_new

    def _look_later(self) -> None:
        # Whoever logs outside of an event loop, such as a command, ends soon: nobody waits for its last line.
        with suppress(RuntimeError):
            asyncio.get_running_loop().call_later(QUIET_S, self.look)

    def look(self) -> None:
        """Say that it is over, if the library has been quiet for long enough; then each kind is written again."""
        if self._now_s() - self._last_s < QUIET_S:
            self._look_later()
            return
        if self._left_out:
            log.warning("repeated lines are over", kind=_LIBRARY, count=self._left_out)
        self._kinds.clear()
        self._left_out = 0
