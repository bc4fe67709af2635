"""Ends a process whose event loop has stopped turning: its supervisor starts a new one (docs/adr/0014-watchdog.md).

Such a process answers nothing, also no SIGTERM and no probe, and everything that watches from within the loop has
stopped with it. Two things watch from outside, because neither sees everything:

* A thread counts its own turns. It ends the process when the loop waits for something (a lock, a socket, a full pipe).
* The kernel counts processor time. It ends the process when the loop computes, even inside C code that never lets
  another thread run, as a pattern that backtracks does.

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
from typing import Final

import structlog

from shared.runtime.health import EXIT_CODE

log = structlog.get_logger(__name__)

_TURNS: Final = 10
_LOG_TIMEOUT_S: Final = 2.0
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
        # Writes the stack without running Python, and then lets the signal end the process, as it does by default.
        faulthandler.register(signal.SIGPROF, file=sys.stdout, all_threads=True, chain=True)
        thread = threading.Thread(target=self._count_turns, name="watchdog", daemon=True)
        thread.start()
        self._beat(asyncio.get_running_loop())
        try:
            yield
        finally:
            self._ended.set()
            signal.setitimer(signal.ITIMER_PROF, 0)
            faulthandler.unregister(signal.SIGPROF)

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._ended.is_set():
            return
        self._turns_left = _TURNS
        signal.setitimer(signal.ITIMER_PROF, self._limit_s)
        loop.call_later(self._limit_s / _TURNS, self._beat, loop)

    def _count_turns(self) -> None:
        while not self._ended.wait(self._limit_s / _TURNS):
            self._turns_left -= 1
            if self._turns_left < 0:
                _end()


def _end() -> None:
    # The loop may hold the log's lock, or the pipe may be full: then the kernel ends us without the line.
    signal.setitimer(signal.ITIMER_REAL, _LOG_TIMEOUT_S)
    frame = sys._current_frames().get(threading.main_thread().ident or 0)  # noqa: SLF001  # its documented name
    stack = [f"{place.filename}:{place.lineno} {place.name}" for place in traceback.extract_stack(frame)[-_FRAMES:]]
    log.critical("process ends itself", reason="loop stopped", exception=stack)
    os._exit(EXIT_CODE)
