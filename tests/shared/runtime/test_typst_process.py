"""Typst in a process of its own: the same papers, and nothing of it outlives what needs it."""

import asyncio
import json
import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.errors import Invalid
from shared.products.documents import FONTS
from shared.runtime.typst import Typesetter
from shared.runtime.typst_here import TypstHere
from shared.runtime.typst_process import WAITS_FOR_END, TypstEnded, TypstFailed, TypstProcess

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
FILES = {
    "main": b'#set document(title: "x")\n#set text(font: "Noto Sans JP")\n#let it = json("/data.json")\n'
    b"#it.name #metadata(it.name) <title>",
    "data.json": '{"name": "株式会社見本𠮷"}'.encode(),
}


class Watched(TypstProcess):
    """Knows which processes it had."""

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def close_input(self) -> None:
        """The process ends by itself, as after a minute."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()

    def want_of_work(self) -> None:
        """The process has ended as after a minute."""
        self.close_input()
        assert self._process is not None
        assert self._process.wait() == 0


@pytest.fixture
def process() -> Iterator[Watched]:
    process = Watched(FONTS)
    yield process
    process.end()


def test_it_makes_the_same_bytes_as_in_this_process(process: Watched, tmp_path: Path) -> None:
    here = TypstHere(FONTS)

    assert process.pdf(tmp_path, FILES, NOON) == here.pdf(tmp_path, FILES, NOON)
    assert process.title(tmp_path, FILES) == here.title(tmp_path, FILES) == "株式会社見本𠮷"


def test_a_paper_that_fails_costs_one_paper_and_says_nothing_of_its_text(process: Watched, tmp_path: Path) -> None:
    with pytest.raises(TypstFailed, match=r"^\w+$"):
        process.pdf(tmp_path, {**FILES, "main": b'#panic(json("/data.json").name)'}, NOON)

    assert process.pdf(tmp_path, FILES, NOON).startswith(b"%PDF")


def test_whoever_asks_one_that_was_given_up_gets_nothing_and_the_next_one_works(
    process: Watched, tmp_path: Path
) -> None:
    process.title(tmp_path, FILES)

    after = process.end()

    with pytest.raises(TypstEnded):
        process.pdf(tmp_path, FILES, NOON)
    assert after.title(tmp_path, FILES) == "株式会社見本𠮷"
    after.end()


def test_a_process_that_says_rubbish_is_not_waited_for(tmp_path: Path) -> None:
    process = Watched(FONTS)
    process._command = [sys.executable, "-c", "print('rubbish', flush=True); import time; time.sleep(600)"]  # noqa: SLF001

    with pytest.raises(TypstEnded):
        process.pdf(tmp_path, FILES, NOON)
    process.end()


def test_a_process_that_ended_for_want_of_work_is_started_again(process: Watched, tmp_path: Path) -> None:
    process.title(tmp_path, FILES)
    first = process.pid
    process.want_of_work()

    assert process.title(tmp_path, FILES) == "株式会社見本𠮷"
    assert process.pid != first


def test_a_process_that_ended_for_want_of_work_does_not_stay_in_the_list_of_processes(
    process: Watched, tmp_path: Path
) -> None:
    process.title(tmp_path, FILES)
    first = process.pid
    process.close_input()

    for thread in threading.enumerate():
        if thread.name == WAITS_FOR_END:
            thread.join(10)

    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_old_papers_take_no_memory(process: Watched, tmp_path: Path) -> None:
    """Typst keeps what its last ten runs made, and the papers of ten customers have little in common."""

    def made(number: int) -> int:
        words = " ".join(f"{number}-{word}" for word in range(12_000))
        process.pdf(tmp_path, {**FILES, "data.json": json.dumps({"name": words}).encode()}, NOON)
        pages = Path(f"/proc/{process.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * resource.getpagesize()

    first, *_, third = map(made, range(3))
    *_, tenth = map(made, range(3, 10))

    assert tenth - third < third - first


def test_a_process_that_is_killed_over_a_paper_is_an_error_and_the_next_paper_is_made(
    process: Watched, tmp_path: Path
) -> None:
    """A paper that the kernel kills for its memory must not be tried for ever."""
    process.title(tmp_path, FILES)
    os.kill(process.pid, signal.SIGSTOP)
    asked = asyncio.new_event_loop()
    try:
        made = asked.run_in_executor(None, process.title, tmp_path, FILES)
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(TypstEnded):
            asked.run_until_complete(made)
        asked.run_until_complete(asked.shutdown_default_executor())
    finally:
        asked.close()

    assert process.title(tmp_path, FILES) == "株式会社見本𠮷"


@pytest.mark.anyio
async def test_a_paper_that_takes_too_long_is_stopped(process: Watched, tmp_path: Path) -> None:
    """A thread could not be stopped: it went on in a process that had customers to answer."""
    slow = tmp_path / "slow.typ"
    slow.write_text("#for i in range(60000) { for j in range(1000) { let n = i * j } }", "ascii")
    typesetter = Typesetter(FONTS, process, longest_s=1)
    process.title(tmp_path, FILES)
    first = process.pid

    with pytest.raises(Invalid, match="document-too-slow"):
        await typesetter.pdf(slow, tmp_path, lambda _show: {}, NOON)

    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
