"""Typst in a process of its own: the same papers, each for the one who asked, and nothing outlives what needs it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.errors import Invalid
from shared.products.documents import FONTS
from shared.runtime.typst import Typesetter
from shared.runtime.typst_here import TypstHere
from shared.runtime.typst_process import TypstEnded, TypstFailed, TypstProcess

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
FILES = {
    "main": b'#set document(title: "x")\n#set text(font: "Noto Sans JP")\n#let it = json("/data.json")\n'
    b"#it.name #metadata(it.name) <title>",
    "data.json": '{"name": "株式会社見本𠮷"}'.encode(),
}
SLOW = {"main": b"#for i in range(60000) { for j in range(1000) { let n = i * j } }"}


class Watched(TypstProcess):
    """Knows its process, and can end it from outside."""

    @property
    def pid(self) -> int:
        assert self._started is not None
        return self._started._process.pid  # noqa: SLF001

    async def want_of_work(self) -> None:
        """The process ends by itself, as after a minute."""
        assert self._started is not None
        process = self._started._process  # noqa: SLF001
        assert process.stdin is not None
        process.stdin.close()
        assert await process.wait() == 0


@pytest.fixture
async def process() -> AsyncIterator[Watched]:
    process = Watched(FONTS)
    yield process
    await process.aclose()


def resident(pid: int) -> int:
    """In pages."""
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])


def titled(name: str) -> dict[str, bytes]:
    return {**FILES, "data.json": json.dumps({"name": name}).encode()}


async def titles(process: TypstProcess, root: Path, names: Sequence[str]) -> list[str]:
    """Asked for at once."""
    return await asyncio.gather(*(process.title(root, titled(name)) for name in names))


async def some_turns() -> None:
    """Of the event loop: enough for whoever asks to have written their line."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_it_makes_the_same_bytes_as_in_this_process(process: Watched, tmp_path: Path) -> None:
    here = TypstHere(FONTS)

    assert await process.pdf(tmp_path, FILES, NOON) == await here.pdf(tmp_path, FILES, NOON)
    assert await process.title(tmp_path, FILES) == await here.title(tmp_path, FILES) == "株式会社見本𠮷"


async def test_each_of_many_who_ask_at_once_gets_their_own(process: Watched, tmp_path: Path) -> None:
    names = [f"株式会社{number}" for number in range(40)]

    assert await titles(process, tmp_path, names) == names


async def test_who_waits_no_more_leaves_the_next_one_theirs(process: Watched, tmp_path: Path) -> None:
    """A page that is closed while its 控え is made: over one pair of pipes, two customers got each other's papers."""
    await process.title(tmp_path, FILES)
    first = process.pid
    os.kill(first, signal.SIGSTOP)
    left = [asyncio.ensure_future(process.title(tmp_path, titled(f"去った人{number}"))) for number in range(4)]
    stayed = asyncio.ensure_future(titles(process, tmp_path, ["甲", "乙", "丙"]))
    await some_turns()
    for one in left:
        one.cancel()
    os.kill(first, signal.SIGCONT)

    assert await stayed == ["甲", "乙", "丙"]
    assert all(one.cancelled() for one in left)
    assert process.pid == first, "a stranger who closes pages must not end what others wait for"


async def test_a_paper_that_fails_costs_one_paper_and_says_nothing_of_its_text(
    process: Watched, tmp_path: Path
) -> None:
    with pytest.raises(TypstFailed, match=r"^\w+$"):
        await process.pdf(tmp_path, {**FILES, "main": b'#panic(json("/data.json").name)'}, NOON)

    assert (await process.pdf(tmp_path, FILES, NOON)).startswith(b"%PDF")


async def test_after_its_end_another_process_makes_the_next_paper(process: Watched, tmp_path: Path) -> None:
    await process.title(tmp_path, FILES)
    first = process.pid

    await process.aclose()

    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert await process.title(tmp_path, FILES) == "株式会社見本𠮷"


@pytest.mark.parametrize("said", ["rubbish", "made many", "made -1"])
async def test_a_process_that_says_rubbish_is_not_waited_for(process: Watched, tmp_path: Path, said: str) -> None:
    process._command = [  # noqa: SLF001
        sys.executable,
        "-c",
        f"print({said!r}, flush=True); import time; time.sleep(600)",
    ]

    with pytest.raises(TypstEnded):
        await process.pdf(tmp_path, FILES, NOON)


async def test_a_program_that_never_answers_anybody_is_given_up(process: Watched, tmp_path: Path) -> None:
    process._command = ["/bin/true"]  # noqa: SLF001

    with pytest.raises(TypstEnded):
        await process.pdf(tmp_path, FILES, NOON)


async def test_a_process_that_ended_for_want_of_work_is_started_again(process: Watched, tmp_path: Path) -> None:
    await process.title(tmp_path, FILES)
    first = process.pid
    await process.want_of_work()

    assert await titles(process, tmp_path, ["甲", "乙"]) == ["甲", "乙"]
    assert process.pid != first
    # It does not stay in the list of processes.
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


async def test_one_that_ends_for_want_of_work_just_as_it_is_asked_is_no_error(process: Watched, tmp_path: Path) -> None:
    """The lines are in its pipe already, and it never answers them."""
    once = 'if mkdir "$0" 2>/dev/null; then read -r line; else exec "$@"; fi'
    process._command = ["/bin/sh", "-c", once, str(tmp_path / "once"), *process._command]  # noqa: SLF001

    assert await titles(process, tmp_path, ["甲", "乙"]) == ["甲", "乙"]


async def test_old_papers_take_no_memory(process: Watched, tmp_path: Path) -> None:
    """Typst keeps what its last ten runs made, and the papers of ten customers have little in common."""

    async def made(number: int) -> int:
        words = " ".join(f"{number}-{word}" for word in range(12_000))
        await process.pdf(tmp_path, titled(words), NOON)
        return resident(process.pid)

    sizes = [await made(number) for number in range(10)]

    assert sizes[9] - sizes[2] < sizes[2] - sizes[0]


async def test_a_process_that_is_killed_costs_the_paper_that_it_made_and_no_other(
    process: Watched, tmp_path: Path
) -> None:
    """A paper that the kernel kills for its memory must not be tried for ever, and nobody else's is to blame."""
    await process.title(tmp_path, FILES)
    os.kill(process.pid, signal.SIGSTOP)
    over, after = (asyncio.ensure_future(process.title(tmp_path, titled(name))) for name in ("甲", "乙"))
    await some_turns()
    os.kill(process.pid, signal.SIGKILL)

    with pytest.raises(TypstEnded):
        await over
    assert await after == "乙"


async def test_a_paper_that_takes_too_long_is_stopped_and_the_next_one_is_made(tmp_path: Path) -> None:
    """A thread could not be stopped: it went on in a process that had customers to answer."""
    process = Watched(FONTS, longest_s=1)
    await process.title(tmp_path, FILES)
    first = process.pid
    slow, after = (asyncio.ensure_future(process.pdf(tmp_path, files, NOON)) for files in (SLOW, FILES))

    with pytest.raises(Invalid, match="document-too-slow"):
        await slow

    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert (await after).startswith(b"%PDF")
    await process.aclose()


async def test_the_typesetter_does_not_try_again_what_took_too_long(tmp_path: Path) -> None:
    """Three tries would keep everybody else for three times as long."""
    (tmp_path / "slow.typ").write_bytes(SLOW["main"])
    process, lines = Watched(FONTS, longest_s=0.5), list[str]()

    def fill(_show: object) -> dict[str, str]:
        lines.append("filled in")
        return {}

    with pytest.raises(Invalid, match="document-too-slow"):
        await Typesetter(FONTS, process).pdf(tmp_path / "slow.typ", tmp_path, fill, NOON)

    assert lines == ["filled in"]
    await process.aclose()


@pytest.mark.parametrize("number", [0, 1])
async def test_whoever_is_cancelled_with_the_event_loop_leaves_the_next_one_no_answer(
    process: Watched, tmp_path: Path, number: int
) -> None:
    """The one whose turn it is, and the one behind."""
    await process.title(tmp_path, FILES)
    os.kill(process.pid, signal.SIGSTOP)
    asked, answers = list[asyncio.Task[str]](), list[asyncio.Task[object]]()
    for name in ("甲", "乙"):
        before = asyncio.all_tasks()
        asked.append(asyncio.create_task(process.title(tmp_path, titled(name))))
        await some_turns()
        [answer] = asyncio.all_tasks() - before - {asked[-1]}
        answers.append(answer)
    answers[number].cancel()
    with suppress(asyncio.CancelledError):
        await asked[number]

    assert await process.title(tmp_path, titled("丙")) == "丙"
    for one in asked:
        with suppress(asyncio.CancelledError, TypstEnded):
            assert await one in {"甲", "乙"}
