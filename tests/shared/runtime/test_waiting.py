"""How long the processes wait: for an event, and after failures."""

import asyncio
from contextlib import suppress
from itertools import islice

import pytest
import structlog
from structlog.testing import capture_logs

from shared.errors import Unavailable
from shared.runtime.waiting import Backoff, Lately, Linger, Pause, tried_again, wait_for

LONG_S = 60.0
pytestmark = pytest.mark.anyio


async def test_an_event_that_is_set_already_is_not_waited_for() -> None:
    event = asyncio.Event()
    event.set()

    assert await wait_for(event, LONG_S) is True


async def test_waiting_ends_when_the_event_is_set() -> None:
    event = asyncio.Event()
    asyncio.get_running_loop().call_soon(event.set)

    assert await wait_for(event, LONG_S) is True


async def test_waiting_ends_when_the_time_is_over() -> None:
    assert await wait_for(asyncio.Event(), 0.001) is False


async def test_a_cancellation_that_comes_together_with_the_event_is_not_lost() -> None:
    """If it was lost, a process that should stop would go on."""
    event = asyncio.Event()
    waiting = asyncio.ensure_future(wait_for(event, LONG_S))
    await asyncio.sleep(0)

    event.set()
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting

    assert waiting.cancelled()


def test_each_failure_in_a_row_costs_a_longer_wait_up_to_the_last() -> None:
    backoff = Backoff((0.5, 1.0, 30.0))

    assert [backoff.after(failures) for failures in range(5)] == [0.5, 1.0, 30.0, 30.0, 30.0]


def test_whoever_gives_up_does_so_after_one_try_more_than_there_are_waits() -> None:
    assert list(islice(Backoff((0.5, 1.0)).tries(), 9)) == [0.5, 1.0, None]


async def test_a_pause_ends_after_its_time_and_what_comes_later_is_not_delayed() -> None:
    pause, loop = Pause(0.01), asyncio.get_running_loop()
    pause.begin()
    began = loop.time()

    await pause.over()

    assert loop.time() - began >= 0.009
    with pytest.raises(StopIteration):
        # It does not even give way to others.
        pause.over().send(None)


async def test_whoever_comes_while_another_lingers_goes_on_in_the_same_turn() -> None:
    loop, linger, turn = asyncio.get_running_loop(), Linger(0.005), 0

    def count() -> None:
        nonlocal turn
        turn += 1
        loop.call_soon(count)

    async def come(after_turns: int) -> int:
        for _ in range(after_turns):
            await asyncio.sleep(0)
        await linger.over()
        return turn

    count()
    first, second = await asyncio.gather(come(0), come(3))

    assert first == second


async def test_whoever_comes_after_a_linger_begins_another() -> None:
    linger = Linger(0.001)

    await linger.over()
    await linger.over()


async def test_others_linger_on_when_one_of_them_is_cancelled() -> None:
    linger = Linger(0.005)
    cancelled = asyncio.ensure_future(linger.over())
    other = asyncio.ensure_future(linger.over())
    await asyncio.sleep(0)

    cancelled.cancel()

    await other


@pytest.mark.parametrize(
    ("failure", "level", "why"),
    [
        (Unavailable("mongo"), "warning", {"reason": str(Unavailable("mongo"))}),
        (RuntimeError("secret"), "error", {"error": "RuntimeError", "exc_info": True}),
    ],
)
def test_a_task_goes_on_after_a_failure_which_is_logged(failure: Exception, level: str, why: dict[str, object]) -> None:
    def count() -> None:
        raise failure

    with capture_logs() as lines, tried_again(structlog.get_logger(), "counting waits", day="today"):
        count()

    assert lines == [{"event": "counting waits", "log_level": level, "day": "today", **why}]


def test_a_task_that_is_cancelled_ends() -> None:
    with pytest.raises(asyncio.CancelledError), tried_again(structlog.get_logger(), "counting waits"):
        raise asyncio.CancelledError


async def test_what_was_noted_is_known_for_its_time_and_remembered_for_not_much_longer() -> None:
    seconds = 0.0
    lately = Lately(1.0, lambda: seconds)
    lately.note("first")
    seconds = 0.9
    lately.note("second")
    at_once = [one in lately for one in ("first", "second", "third")]
    seconds = 1.0
    later = [one in lately for one in ("first", "second")]
    lately.note("third")

    assert (at_once, later, len(lately)) == ([True, True, False], [False, True], 2)


async def test_what_is_noted_again_is_known_for_longer_and_what_is_forgotten_is_not_known() -> None:
    seconds = 0.0
    lately = Lately(1.0, lambda: seconds)
    lately.note("again")
    lately.note("forgotten")
    seconds = 0.5
    lately.note("again")
    lately.forget("forgotten")
    seconds = 1.4

    assert ("again" in lately, "forgotten" in lately) == (True, False)
