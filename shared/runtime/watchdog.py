"""Ends a process whose event loop has stopped turning: its supervisor starts a new one (docs/adr/0014-watchdog.md).

Such a process answers nothing, also no SIGTERM and no probe, and everything that watches from within the loop has
stopped with it. Two things watch from outside, because neither sees everything:

* A thread counts its own turns. It ends the process when the loop waits for something (a lock, a socket, a full pipe).
* The kernel counts processor time (SIGPROF). It interrupts a loop that computes, also a pattern that backtracks: no
  thread runs beside that, but `re` looks for signals. Inside C code that does not, the kernel ends the process two
  seconds later (SIGVTALRM); then the log has a plain stack instead of a line.

Neither looks at a clock. A process that was stopped (SIGSTOP, a machine that slept) must go on where it was: it has
used no processor time, and its thread has not turned either.
"""

import asyncio
import faulthandler
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import structlog

from shared.runtime.health import EXIT_CODE

log = structlog.get_logger(__name__)

_TURNS: Final = 10
_GRACE_S: Final = 2.0
"""For the line in the log, before the kernel ends the process without it."""
_FRAMES: Final = 12


class Watchdog:
    """Watches the loop that runs in the main thread. It may stand still for *limit_s*, or compute for as long."""

    def __init__(self, limit_s: float = 10.0) -> None:
        self._limit_s = limit_s
        self._turns_left = _TURNS
        self._ended = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch the running loop during the block."""
        before = signal.signal(signal.SIGPROF, lambda _number, frame: _end(frame))
        # Writes the stack without running Python, and then lets the signal end the process, as it does by default.
        faulthandler.register(signal.SIGVTALRM, file=sys.stdout, all_threads=True, chain=True)
        thread = threading.Thread(target=self._count_turns, name="watchdog", daemon=True)
        thread.start()
        self._beat(asyncio.get_running_loop())
        try:
            yield
        finally:
            self._ended.set()
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGPROF, before)
            faulthandler.unregister(signal.SIGVTALRM)

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._ended.is_set():
            return
        self._turns_left = _TURNS
        signal.setitimer(signal.ITIMER_PROF, self._limit_s)
        signal.setitimer(signal.ITIMER_VIRTUAL, self._limit_s + _GRACE_S)
        loop.call_later(self._limit_s / _TURNS, self._beat, loop)

    def _count_turns(self) -> None:
        while not self._ended.wait(self._limit_s / _TURNS):
            self._turns_left -= 1
            if self._turns_left < 0:
                # Only this function shows what another thread is doing.
                _end(sys._current_frames().get(threading.main_thread().ident or 0))  # noqa: SLF001


def _end(frame: FrameType | None) -> None:
    """End the process with a line that has the stack of *frame*, but no values: they may be a customer's."""
    # The loop may hold the log's lock, or the pipe may be full: then the kernel ends us without the line.
    signal.setitimer(signal.ITIMER_REAL, _GRACE_S)
    stack = [f"{place.filename}:{place.lineno} {place.name}" for place in traceback.extract_stack(frame)[-_FRAMES:]]
    try:
        log.critical("process ends itself", reason="loop stopped", exception=stack)
    finally:
        os._exit(EXIT_CODE)
