"""Child processes, which the kernel ends together with the launcher, even after a crash or `kill -9` of it.

And what every start of one needs: free ports, the environment, and the error when something cannot start.
"""

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from shared.errors import MitsumoriError

LOOPBACK = "127.0.0.1"
_POLL_S = 0.05
_PORTS: Final = range(20_000, 32_768)
_given: Final[deque[int]] = deque(maxlen=1_000)
_PYTHON = {
    "PYTHONUNBUFFERED": "1",
    # Pydantic would look for plugins in every package that is installed, at each start of each process.
    "PYDANTIC_DISABLE_PLUGINS": "true",
    # Give back what a large mail or page took: glibc keeps a heap for each thread, and learns to keep what is large.
    # But not all of it each time: a paper takes 3 MB, and memory that comes anew costs a sixth of making it.
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "4194304",
    "MALLOC_MMAP_THRESHOLD_": "4194304",
}
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class CannotStart(MitsumoriError):
    """Something is missing, or is in use already. The text is one sentence for the person at the keyboard."""


def free_port() -> int:
    """A port of the loopback interface that no process uses at the moment, and that this one was not given lately.

    Not one of those that the kernel gives to outgoing connections: until our process listens on it, one may have it.
    Raises `CannotStart`.
    """
    for _ in _PORTS:
        port = _PORTS.start + secrets.randbelow(len(_PORTS))
        with socket.socket() as probe, suppress(OSError):
            if port not in _given:
                probe.bind((LOOPBACK, port))
                _given.append(port)
                return port
    raise CannotStart(f"{LOOPBACK} に、使えるポートがありません。")


def not_free(port: int) -> None:
    """Never give *port*: it is meant for somebody who does not listen on it yet."""
    _given.append(port)


def is_listening(port: int) -> bool:
    """Whether a process accepts connections on this port of the loopback interface."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def python_module(name: str, *arguments: str | Path) -> list[str | Path]:
    """The command that runs one of our own modules with this Python; `-P`: never one from the working folder."""
    return [sys.executable, "-P", "-m", name, *arguments]


def environment(**settings: str) -> dict[str, str]:
    """This process's environment and *settings*. Python finds our modules first, so that a child runs the same code."""
    module_path = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(module_path), **_PYTHON, **settings}


class Child:
    """One process with its log file.

    Start it from the main thread: the kernel ends it when the thread that started it ends.
    """

    def __init__(
        self, name: str, command: Sequence[str | Path], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.log = log
        self._command = [str(word) for word in command]
        self._environment = None if environment is None else dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; its output goes to the end of the log file."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        launcher = os.getpid()
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
                # Ctrl-C reaches a whole process group; the launcher alone decides who stops when.
                start_new_session=True,
                preexec_fn=lambda: _end_together_with(launcher),  # noqa: PLW1509  # only a prctl runs between fork and exec
            )

    @property
    def pid(self) -> int:
        """The id of the running process, or else of the last one."""
        assert self._process is not None, f"{self.name} was never started"  # noqa: S101  # a bug of the caller
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Of the last process; None while it runs. Negative for the signal that ended it."""
        return None if self._process is None else self._process.poll()

    def wait_until(self, ready: Callable[[], bool], timeout_s: float) -> None:
        """Return when *ready* returns true. Raises `CannotStart` when the process ends or the time is up."""
        deadline = time.monotonic() + timeout_s
        while not ready():
            if not self.alive:
                raise CannotStart(f"{self.name} が起動直後に終了しました。ログをご確認ください: {self.log}")
            if time.monotonic() > deadline:
                raise CannotStart(f"{self.name} が {timeout_s:.0f} 秒以内に起動しません。ログ: {self.log}")
            time.sleep(_POLL_S)

    def stop(self, timeout_s: float = 15) -> None:
        """End it: SIGTERM, and SIGKILL when it has not ended within the time. Safe to repeat."""
        self.ask_to_stop()
        if self._process is not None:
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.kill()

    def ask_to_stop(self) -> None:
        """Send SIGTERM and return at once."""
        if self._process is not None and self.alive:
            self._process.terminate()

    def kill(self) -> None:
        """End it with SIGKILL: it cannot tidy up, as in a crash."""
        if self._process is not None and self.alive:
            self._process.kill()
            self._process.wait()


def _end_together_with(launcher: int) -> None:
    """Have the kernel kill this process, a new child, when the launcher ends, however it ends."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != launcher:  # It ended before the line above.
            os._exit(1)
