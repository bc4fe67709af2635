"""Which process counts as dead, and which must not."""

import asyncio
from datetime import datetime

import pytest

from services.notify.usecases.heartbeat import Heartbeat
from shared.errors import Unavailable
from tests.services.notify.builders import NOON, Clock
from tests.services.notify.fakes import InMemoryWorkers

pytestmark = pytest.mark.anyio

OTHER = "worker-there"


class Process:
    """Our heartbeat among others, on a clock that the test moves."""

    def __init__(self) -> None:
        self.workers, self.clock = InMemoryWorkers(), Clock()
        self.us = Heartbeat("worker-here", self.workers, self.clock)

    async def beats(self, *, seconds: int, every: int = 5) -> None:
        """We beat now, then every so many seconds, for that long."""
        for _ in range(0, seconds, every):
            await self.us.beat()
            self.clock.advance(seconds=every)
        await self.us.beat()

    async def thinks_dead(self) -> bool:
        return await self.us.is_dead(OTHER)


@pytest.fixture
async def process() -> Process:
    """Another process was seen at noon."""
    process = Process()
    await process.workers.beat(OTHER, NOON)
    return process


async def test_another_process_is_dead_after_more_than_fifteen_seconds_of_silence(process: Process) -> None:
    await process.beats(seconds=15)
    after_15_s = await process.thinks_dead()

    process.clock.advance(seconds=1)

    assert not after_15_s
    assert await process.thinks_dead()


async def test_a_process_that_has_stopped_is_dead_at_once(process: Process) -> None:
    await process.us.beat()

    await process.workers.remove(OTHER)

    assert await process.thinks_dead()


async def test_a_new_process_counts_no_other_as_dead_before_its_own_beats_have_arrived_for_fifteen_seconds(
    process: Process,
) -> None:
    process.clock.advance(hours=1)
    before_its_first_beat = await process.thinks_dead()
    await process.beats(seconds=10)
    process.clock.advance(seconds=4)
    too_early = await process.thinks_dead()

    process.clock.advance(seconds=1)

    assert not before_its_first_beat
    assert not too_early
    assert await process.thinks_dead()


async def test_after_an_outage_of_the_ledger_no_process_is_dead_until_our_own_beats_are_steady_again(
    process: Process,
) -> None:
    """The other was cut off as we were, and may come back a little later than we."""
    await process.beats(seconds=60)
    process.workers.away = True
    with pytest.raises(Unavailable):
        await process.us.beat()
    process.workers.away = False
    at_once = await process.thinks_dead()
    await process.beats(seconds=10)
    too_early = await process.thinks_dead()

    process.clock.advance(seconds=5)

    assert not at_once
    assert not too_early
    assert await process.thinks_dead()


async def test_a_process_that_was_frozen_counts_no_other_as_dead_when_it_wakes(process: Process) -> None:
    """A frozen machine, or a ledger that took long to answer: nothing failed, and yet no beat could arrive."""
    await process.beats(seconds=60)
    process.clock.advance(seconds=11)
    before_its_next_beat = await process.thinks_dead()
    await process.beats(seconds=10)

    assert not before_its_next_beat
    assert not await process.thinks_dead()


async def test_one_beat_that_comes_late_is_no_outage(process: Process) -> None:
    await process.beats(seconds=60, every=10)

    assert await process.thinks_dead()


async def test_a_process_is_alive_before_its_first_letter_and_has_stopped_after_its_last(process: Process) -> None:
    async with process.us.running():
        while_running = await process.workers.last_seen("worker-here")

    assert while_running == NOON
    assert await process.workers.last_seen("worker-here") is None


async def test_a_process_that_cannot_say_that_it_is_alive_takes_no_letter(process: Process) -> None:
    process.workers.away = True

    with pytest.raises(Unavailable):
        async with process.us.running():
            pytest.fail("letters were taken")


async def test_a_process_stops_also_while_the_ledger_is_away(process: Process) -> None:
    async with process.us.running():
        process.workers.away = True

    assert "worker-here" in process.workers.seen


class CountedBeats(InMemoryWorkers):
    """Counts beats and tells when there were enough; some beats fail in ways that nobody expects."""

    def __init__(self) -> None:
        super().__init__()
        self.beats, self.five = 0, asyncio.Event()

    async def beat(self, worker: str, now: datetime) -> None:
        self.beats += 1
        if self.beats == 5:
            self.five.set()
        if self.beats == 3:
            raise Unavailable("mongo")
        if self.beats == 4:
            raise ZeroDivisionError
        await InMemoryWorkers.beat(self, worker, now)


async def test_beating_goes_on_whatever_becomes_of_one_beat() -> None:
    workers = CountedBeats()

    async with Heartbeat("worker-here", workers, Clock(), beat_s=0.001, retry_s=0.001).running():
        async with asyncio.timeout(10):
            await workers.five.wait()

    assert workers.beats >= 5


class SlowToArrive(InMemoryWorkers):
    """The second beat arrives when the test lets it; as with a real ledger, it cannot be called back."""

    def __init__(self) -> None:
        super().__init__()
        self.on_its_way, self.arrive, self.arrived = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def beat(self, worker: str, now: datetime) -> None:
        if worker in self.seen:
            self.on_its_way.set()
            await asyncio.shield(self._land(worker, now))
        else:
            await InMemoryWorkers.beat(self, worker, now)

    async def _land(self, worker: str, now: datetime) -> None:
        await self.arrive.wait()
        await InMemoryWorkers.beat(self, worker, now)
        self.arrived.set()


async def test_a_beat_that_arrives_late_does_not_bring_back_a_process_that_has_stopped() -> None:
    workers = SlowToArrive()

    async with Heartbeat("worker-here", workers, Clock(), beat_s=0.001).running():
        await workers.on_its_way.wait()
        asyncio.get_running_loop().call_soon(workers.arrive.set)
    await workers.arrived.wait()

    assert await workers.last_seen("worker-here") is None
