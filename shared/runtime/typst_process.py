"""Typst in a process of its own, which is started for a paper and ends when none is asked for.

Whoever sets papers keeps the memory of a program that sets none, and a paper that takes too long can be stopped.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Final

_PROGRAM: Final = Path(__file__).with_name("typst_here.py")
WAITS_FOR_END: Final = "typst-end"
"""The name of the thread that waits for the end of the process."""
_MADE: Final = "made"
ONE_THREAD: Final = ("/usr/bin/env", "RAYON_NUM_THREADS=1", "MALLOC_ARENA_MAX=1")
"""How a program with Typst starts: of its threads, each keeps some megabytes, and two set two pages no sooner."""


class TypstEnded(Exception):
    """The process has ended over a paper, or was ended."""


class TypstFailed(Exception):
    """Typst raised an error of this kind. Its text stays in the process: it may quote a name."""


class TypstProcess:
    """`Compiler`: one process at a time. It ends with ours, because its input does."""

    def __init__(self, fonts: Path) -> None:
        # By path, so that it imports nothing of ours; -P: else it would take our typst.py for the library.
        self._command = [*ONE_THREAD, sys.executable, "-P", str(_PROGRAM), str(fonts)]
        self._fonts = fonts
        self._process: subprocess.Popen[bytes] | None = None
        self._has_ended = False

    def pdf(self, root: Path, files: Mapping[str, bytes], made_at: datetime) -> bytes:
        """As `Compiler` says. Raises `TypstFailed` and `TypstEnded`."""
        return self._ask(root, files, made_at)

    def title(self, root: Path, files: Mapping[str, bytes]) -> str:
        """As `Compiler` says. Raises the same."""
        return self._ask(root, files, None).decode()

    def end(self) -> "TypstProcess":
        """Kill the process. Whoever still asks here gets `TypstEnded`, and never another's answer."""
        self._has_ended = True
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            _close(process)
        return TypstProcess(self._fonts)

    def _ask(self, root: Path, files: Mapping[str, bytes], made_at: datetime | None) -> bytes:
        asked = {
            "root": str(root),
            "files": {name: content.decode() for name, content in files.items()},
            "made_at": None if made_at is None else made_at.isoformat(),
        }
        line = json.dumps(asked).encode() + b"\n"
        process = self._started()
        try:
            return _answer(process, line)
        except TypstEnded:
            # It may have ended for want of work just as it was asked.
            if process.wait() != 0:
                raise
        return _answer(self._started(), line)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._has_ended:
            raise TypstEnded
        if self._process is not None and self._process.poll() is not None:
            _close(self._process)
            self._process = None
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603  # our own program
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            # Or else it would stay in the list of processes after its end, until the next paper.
            Thread(target=self._process.wait, name=WAITS_FOR_END, daemon=True).start()
        return self._process


def _close(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # what it did not read any more
                pipe.close()


def _answer(process: subprocess.Popen[bytes], line: bytes) -> bytes:
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  # both are pipes
    try:
        process.stdin.write(line)
        process.stdin.flush()
        head = process.stdout.readline()
        kind, _, length = head.decode().partition(" ")
        content = process.stdout.read(int(length)) if head else b""
    except ValueError:
        # It says what it never should, and it has not ended by itself.
        process.kill()
        raise TypstEnded from None
    except OSError:
        raise TypstEnded from None
    if not head or len(content) < int(length):
        raise TypstEnded
    if kind != _MADE:
        raise TypstFailed(kind)
    return content
