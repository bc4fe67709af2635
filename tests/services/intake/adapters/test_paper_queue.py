"""Papers on demand: a stranger can ask as fast as he can, and must not cost more than the paper is worth."""

import asyncio
from collections.abc import Callable

import pytest

from services.intake.adapters.paper_queue import MOST_OF_CLIENT, MOST_WAITING, PaperQueue
from shared.errors import Unavailable

pytestmark = pytest.mark.anyio


class Press:
    """Makes papers when it is let, and remembers how many it began and ended."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.begun: list[str] = []
        self.dropped: list[str] = []

    def making(self, name: str) -> Callable[[], "asyncio.Future[bytes]"]:
        return lambda: asyncio.ensure_future(self._make(name))

    async def _make(self, name: str) -> bytes:
        self.begun.append(name)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.dropped.append(name)
            raise
        return name.encode()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_same_paper_is_made_once_for_all_who_ask_and_then_kept() -> None:
    """Each GET of the same copy once was a compilation of its own."""
    queue, press = PaperQueue(), Press()
    asking = [asyncio.create_task(queue.get("a", press.making("a"))) for _ in range(5)]
    await settle()
    press.open.set()

    assert await asyncio.gather(*asking) == [b"a"] * 5
    assert await queue.get("a", press.making("a")) == b"a"
    assert press.begun == ["a"]


async def test_too_many_that_wait_are_refused_and_come_back_later() -> None:
    queue, press = PaperQueue(), Press()
    asking = [asyncio.create_task(queue.get(str(n), press.making(str(n)))) for n in range(MOST_WAITING)]
    await settle()

    with pytest.raises(Unavailable):
        await queue.get("one more", press.making("one more"))

    press.open.set()
    await asyncio.gather(*asking)
    assert await queue.get("one more", press.making("one more")) == b"one more"


async def test_who_asks_for_many_papers_keeps_nobody_from_theirs() -> None:
    """One stranger with twenty requests held all twenty places, and every customer's copy was answered with 503."""
    queue, press = PaperQueue(), Press()
    flood = [asyncio.create_task(queue.get(f"a{n}", press.making(f"a{n}"), "203.0.113.7")) for n in range(MOST_WAITING)]
    await settle()

    own = asyncio.create_task(queue.get("own", press.making("own"), "198.51.100.8"))
    await settle()
    press.open.set()

    assert await own == b"own"
    refused = [paper for paper in await asyncio.gather(*flood, return_exceptions=True) if not isinstance(paper, bytes)]
    assert len(refused) == MOST_WAITING - MOST_OF_CLIENT
    assert {type(error) for error in refused} == {Unavailable}


async def test_waiting_for_a_paper_that_is_being_made_takes_no_place() -> None:
    queue, press = PaperQueue(), Press()
    asking = [asyncio.create_task(queue.get("a", press.making("a"), "203.0.113.7")) for _ in range(5)]
    await settle()
    press.open.set()

    assert await asyncio.gather(*asking) == [b"a"] * 5
    assert await queue.get("b", press.making("b"), "203.0.113.7") == b"b"


async def test_clients_that_nobody_can_tell_apart_share_all_places() -> None:
    """Behind a proxy that does not say for whom it asks, two places would be all there are."""
    queue, press = PaperQueue(), Press()
    press.open.set()
    asking = [asyncio.create_task(queue.get(str(n), press.making(str(n)))) for n in range(MOST_WAITING)]

    assert len(await asyncio.gather(*asking)) == MOST_WAITING


async def test_what_nobody_waits_for_any_more_is_dropped() -> None:
    """The work went on when the client had hung up."""
    queue, press = PaperQueue(), Press()
    leaves, stays, alone = (asyncio.create_task(queue.get(key, press.making(key))) for key in ("a", "a", "b"))
    await settle()

    leaves.cancel()
    alone.cancel()
    await settle()
    press.open.set()

    assert await stays == b"a"
    assert press.dropped == ["b"]
    assert await queue.get("b", press.making("b")) == b"b"


async def test_a_failure_is_told_to_all_who_wait_and_not_kept() -> None:
    queue, press = PaperQueue(), Press()

    async def fail() -> bytes:
        await press.open.wait()
        raise ValueError("x")

    asking = [asyncio.create_task(queue.get("a", fail)) for _ in range(2)]
    await settle()
    press.open.set()

    assert [type(error) for error in await asyncio.gather(*asking, return_exceptions=True)] == [ValueError] * 2
    assert await queue.get("a", press.making("a")) == b"a"


async def test_what_is_kept_is_bounded_in_bytes_and_the_oldest_goes_first() -> None:
    queue, press = PaperQueue(most_kept_bytes=2), Press()
    press.open.set()

    for name in ("a", "b", "c", "c", "b", "a"):
        assert await queue.get(name, press.making(name)) == name.encode()

    assert press.begun == ["a", "b", "c", "a"]


async def test_what_is_kept_is_kept_for_a_while_only() -> None:
    """It is about people, and a draft that was deleted must not live on here."""
    queue, press = PaperQueue(kept_s=0), Press()
    press.open.set()
    await queue.get("a", press.making("a"))
    await settle()

    await queue.get("a", press.making("a"))

    assert press.begun == ["a", "a"]
