"""Who counts as gone, and who must not."""

import asyncio
from datetime import datetime

import pytest

from services.notify.usecases.presence import Presence
from shared.errors import Unavailable
from tests.services.notify.builders import NOON, Clock
from tests.services.notify.fakes import InMemoryWorkers

pytestmark = pytest.mark.anyio

COLLEAGUE = "worker-there"


class Office:
    """Our presence among others, on a clock that the test moves."""

    def __init__(self) -> None:
        self.workers, self.clock = InMemoryWorkers(), Clock()
        self.us = Presence("worker-here", self.workers, self.clock)

    async def beats(self, *, seconds: int, every: int = 5) -> None:
        """We beat, now and then on, for that long."""
        for _ in range(0, seconds, every):
            await self.us.beat()
            self.clock.advance(seconds=every)
        await self.us.beat()

    async def thinks_gone(self) -> bool:
        return await self.us.gone(COLLEAGUE)


@pytest.fixture
async def office() -> Office:
    """A colleague was seen at noon."""
    office = Office()
    await office.workers.beat(COLLEAGUE, NOON)
    return office


async def test_a_colleague_is_gone_after_more_than_fifteen_seconds_of_silence(office: Office) -> None:
    await office.beats(seconds=15)
    after_15_s = await office.thinks_gone()

    office.clock.advance(seconds=1)

    assert not after_15_s
    assert await office.thinks_gone()


async def test_a_colleague_who_has_left_is_gone_at_once(office: Office) -> None:
    await office.us.beat()

    await office.workers.leave(COLLEAGUE)

    assert await office.thinks_gone()


async def test_a_newcomer_judges_nobody_before_it_has_been_heard_for_fifteen_seconds(office: Office) -> None:
    office.clock.advance(hours=1)
    before_its_first_beat = await office.thinks_gone()
    await office.beats(seconds=10)
    office.clock.advance(seconds=4)
    too_early = await office.thinks_gone()

    office.clock.advance(seconds=1)

    assert not before_its_first_beat
    assert not too_early
    assert await office.thinks_gone()


async def test_after_an_outage_of_the_ledger_nobody_is_gone_until_our_own_beats_are_steady_again(
    office: Office,
) -> None:
    """The colleague was cut off as we were, and may come back a little later than we."""
    await office.beats(seconds=60)
    office.workers.away = True
    with pytest.raises(Unavailable):
        await office.us.beat()
    office.workers.away = False
    at_once = await office.thinks_gone()
    await office.beats(seconds=10)
    too_early = await office.thinks_gone()

    office.clock.advance(seconds=5)

    assert not at_once
    assert not too_early
    assert await office.thinks_gone()


async def test_who_was_asleep_itself_judges_nobody_when_it_wakes(office: Office) -> None:
    """A frozen machine, or a ledger that took long to answer: nothing failed, and yet nobody could be heard."""
    await office.beats(seconds=60)
    office.clock.advance(seconds=11)
    before_its_next_beat = await office.thinks_gone()
    await office.beats(seconds=10)

    assert not before_its_next_beat
    assert not await office.thinks_gone()


async def test_one_beat_that_comes_late_is_no_outage(office: Office) -> None:
    await office.beats(seconds=60, every=10)

    assert await office.thinks_gone()


async def test_a_process_is_seen_before_its_first_letter_and_has_left_after_its_last(office: Office) -> None:
    async with office.us.shown():
        at_work = await office.workers.last_seen("worker-here")

    assert at_work == NOON
    assert await office.workers.last_seen("worker-here") is None


async def test_a_process_that_cannot_be_seen_takes_no_letter(office: Office) -> None:
    office.workers.away = True

    with pytest.raises(Unavailable):
        async with office.us.shown():
            pytest.fail("letters were taken")


async def test_a_process_stops_also_while_the_ledger_is_away(office: Office) -> None:
    async with office.us.shown():
        office.workers.away = True

    assert "worker-here" in office.workers.seen


class Heard(InMemoryWorkers):
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
    workers = Heard()

    async with Presence("worker-here", workers, Clock(), beat_s=0.001, again_s=0.001).shown():
        async with asyncio.timeout(10):
            await workers.five.wait()

    assert workers.beats >= 5


class SlowToHear(InMemoryWorkers):
    """The second beat is on its way until the test lets it arrive; and, as with a real ledger, arrive it will."""

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


async def test_a_beat_that_is_on_its_way_does_not_bring_back_who_has_left() -> None:
    workers = SlowToHear()

    async with Presence("worker-here", workers, Clock(), beat_s=0.001).shown():
        await workers.on_its_way.wait()
        asyncio.get_running_loop().call_soon(workers.arrive.set)
    await workers.arrived.wait()

    assert await workers.last_seen("worker-here") is None
