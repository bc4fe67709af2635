"""Typst in a process of its own, which is started for a paper and ends when none is asked for.

Whoever sets papers keeps the memory of a program that sets none, and a paper that takes too long can be stopped.
"""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from shared.errors import Invalid

LONGEST_S: Final = 30.0
"""The paper of the longest request that can be sent takes half a second."""
ONE_THREAD: Final = ("/usr/bin/env", "RAYON_NUM_THREADS=1", "MALLOC_ARENA_MAX=1")
"""How a program with Typst starts: of its threads, each keeps some megabytes, and two set two pages no sooner."""
_PROGRAM: Final = Path(__file__).with_name("typst_here.py")
_MADE: Final = "made"
_AHEAD: Final = 2
"""Papers that the process is asked for at a time: it goes on with the second while we read the first."""
_TRIES: Final = 10
"""How often a paper is asked for again, because the process ended before its turn."""
_BUFFER: Final = 1 << 20


class TypstEnded(Exception):
    """The process has ended over a paper, or never begins with one."""


class TypstFailed(Exception):
    """Typst raised an error of this kind. Its text stays in the process: it may quote a name."""


class _NotBegun(Exception):
    """The process has ended before it began with this paper: over another, or for want of work."""


class TypstProcess:
    """`Compiler`: one process at a time, for one event loop. It ends with ours, because its input does.

    We ask and read without a thread: one that reads 150 kB takes turns with the event loop five times, and with much
    to do each turn is some milliseconds in which Typst waits.
    """

    def __init__(self, fonts: Path, longest_s: float = LONGEST_S) -> None:
        # By path, so that it imports nothing of ours; -P: else it would take our typst.py for the library.
        self._command = [*ONE_THREAD, sys.executable, "-P", str(_PROGRAM), str(fonts)]
        self._longest_s = longest_s
        self._places = asyncio.Semaphore(_AHEAD)
        self._starting = asyncio.Lock()
        self._started: _Started | None = None

    async def pdf(self, root: Path, files: Mapping[str, bytes], made_at: datetime) -> bytes:
        """As `Compiler` says. Raises `TypstFailed` and `TypstEnded`."""
        return await self._ask(root, files, made_at)

    async def title(self, root: Path, files: Mapping[str, bytes]) -> str:
        """As `Compiler` says. Raises the same."""
        return (await self._ask(root, files, None)).decode()

    async def aclose(self) -> None:
        """End the process: the paper that it makes gets `TypstEnded`. Whoever asks afterwards has another started."""
        if self._started:
            await self._started.end()

    async def _ask(self, root: Path, files: Mapping[str, bytes], made_at: datetime | None) -> bytes:
        asked = {
            "root": str(root),
            "files": {name: content.decode() for name, content in files.items()},
            "made_at": None if made_at is None else made_at.isoformat(),
        }
        line = json.dumps(asked).encode() + b"\n"
        await self._places.acquire()
        # It is read to its end although nobody may wait for it any more: or else the next customer would get it.
        answer = asyncio.ensure_future(self._answer(line))
        answer.add_done_callback(self._leave)
        return await asyncio.shield(answer)

    def _leave(self, answer: "asyncio.Future[bytes]") -> None:
        self._places.release()
        if not answer.cancelled():
            answer.exception()  # Or else asyncio would log the error that nobody waits for.

    async def _answer(self, line: bytes) -> bytes:
        for _ in range(_TRIES):
            started = await self._running()
            with suppress(_NotBegun):
                return await started.answer(line, self._longest_s)
        raise TypstEnded

    async def _running(self) -> "_Started":
        async with self._starting:
            if self._started is None or self._started.has_ended:
                self._started = _Started(
                    await asyncio.create_subprocess_exec(
                        *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_BUFFER
                    )
                )
            return self._started


class _Started:
    """A process, which answers in the order in which it is asked."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()
        self._is_over = False

    @property
    def has_ended(self) -> bool:
        """Whether nobody must ask it any more."""
        return self._is_over or self._process.returncode is not None

    async def answer(self, line: bytes, longest_s: float) -> bytes:
        """What it answers to *line*, within *longest_s* from the answer before.

        Raises `TypstFailed`; when it ends over this paper `TypstEnded`, or `Invalid` (document-too-slow); `_NotBegun`.
        """
        assert self._process.stdin is not None  # noqa: S101  # it is a pipe
        # Nothing is waited for between the line and its place among the turns, so both have one order.
        with suppress(OSError, RuntimeError):  # It has just ended, as is found out when it is our turn.
            self._process.stdin.write(line)
        try:
            async with self._turn:
                kind, content = await self._answered(longest_s)
        except BaseException:
            # Its answer, or what is left of it, would be taken for the next one's.
            self._kill()
            raise
        if kind != _MADE:
            raise TypstFailed(kind)
        return content

    async def _answered(self, longest_s: float) -> tuple[str, bytes]:
        if self._is_over:
            raise _NotBegun
        try:
            async with asyncio.timeout(longest_s):
                return await self._read()
        except TimeoutError:
            await self.end()
            raise Invalid("document-too-slow") from None
        except (ValueError, EOFError):
            # It says what it never should, and has not ended by itself; or it was killed.
            await self.end()
            raise TypstEnded from None

    async def _read(self) -> tuple[str, bytes]:
        assert self._process.stdout is not None  # noqa: S101  # it is a pipe
        head = await self._process.stdout.readline()
        if not head and await self._process.wait() == 0:
            raise _NotBegun
        kind, _, length = head.decode().partition(" ")
        return kind, await self._process.stdout.readexactly(int(length))

    async def end(self) -> None:
        """Kill it, and return when it is gone."""
        self._kill()
        # Python 3.11 waits for the ends of the pipes too. Whoever reads at the moment meets it there.
        if self._process.stdout is not None:
            with suppress(RuntimeError):
                await self._process.stdout.read()
        await self._process.wait()

    def _kill(self) -> None:
        self._is_over = True
        with suppress(ProcessLookupError):
            self._process.kill()
