"""Stored data is brought forward step by step, once, whoever starts, stops or is killed meanwhile (ADR 0033)."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from local.mongod import Mongod
from shared.errors import Invalid, Unavailable
from shared.runtime.adapters.mongo import Database, connect
from shared.runtime.adapters.mongo_migrations import COLLECTION, MongoMigrations, Step

pytestmark = pytest.mark.anyio

SHORT_S = 0.3


@dataclass
class Work:
    """What a step does: it counts, then does *more*."""

    more: Callable[[], Awaitable[None]] | None = None
    times: int = 0

    async def __call__(self, _database: Database) -> None:
        self.times += 1
        if self.more:
            await self.more()


@dataclass
class Held:
    """Work that does not end before it is let go."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self) -> None:
        self.begun.set()
        await self.let_go.wait()


def adds(number: int, work: Work) -> Step:
    return Step(number=number, title=f"追加 {number}", run=work)


def removes(number: int, work: Work) -> Step:
    return Step(number=number, title=f"削除 {number}", run=work, removes=True)


def a_process(database: Database, *steps: Step, version: str = "2.0.0") -> MongoMigrations:
    return MongoMigrations(database, steps, version, lease_s=SHORT_S)


@pytest.fixture
async def used(database: Database) -> Database:
    """A database that a version before has written to."""
    await database["requests"].insert_one({"_id": "of-before"})
    return database


async def test_a_start_adds_what_is_missing_once_and_in_order(used: Database) -> None:
    first, second = Work(), Work()
    await a_process(used, adds(1, first)).bring_forward()

    await a_process(used, adds(1, first), adds(2, second), version="3.0.0").bring_forward()
    await a_process(used, adds(1, first), adds(2, second), version="3.0.0").bring_forward()

    assert (first.times, second.times) == (1, 1)
    noted = await a_process(used).noted()
    assert [(one.number, one.version, one.done_at is not None) for one in noted] == [
        (1, "2.0.0", True),
        (2, "3.0.0", True),
    ]


async def test_processes_that_start_together_do_a_step_once_and_all_wait_for_its_end(used: Database) -> None:
    """However long it takes: whoever does it keeps saying so."""
    held = Held()
    work = Work(held)
    starts = [asyncio.ensure_future(a_process(used, adds(1, work)).bring_forward()) for _ in range(3)]
    await held.begun.wait()

    done, _ = await asyncio.wait(starts, timeout=5 * SHORT_S)
    held.let_go.set()
    await asyncio.gather(*starts)

    assert done == set()
    assert work.times == 1


async def test_what_a_killed_process_has_begun_is_done_again_by_the_next_one(used: Database) -> None:
    held = Held()
    killed = asyncio.ensure_future(a_process(used, adds(1, Work(held))).bring_forward())
    await held.begun.wait()
    killed.cancel()
    with suppress(asyncio.CancelledError):
        await killed
    again = Work()

    await a_process(used, adds(1, again)).bring_forward()

    assert again.times == 1
    assert [one.done_at is not None for one in await a_process(used).noted()] == [True]


async def test_after_an_outage_in_the_middle_the_same_process_goes_on_at_once(used: Database) -> None:
    async def away() -> None:
        if work.times == 1:
            raise Unavailable("mongo")

    work = Work(away)
    process = MongoMigrations(used, [adds(1, work)], "2.0.0", lease_s=3_600)
    with pytest.raises(Unavailable):
        await process.bring_forward()

    await asyncio.wait_for(process.bring_forward(), 30)

    assert work.times == 2


async def test_what_the_version_before_needs_is_removed_only_by_the_operator(used: Database) -> None:
    added, removed = Work(), Work()
    process = a_process(used, adds(1, added), removes(2, removed), adds(3, added))
    await process.bring_forward()
    waited = await process.waiting()

    done = await process.finish()

    assert [step.number for step in waited] == [step.number for step in done] == [2]
    assert (added.times, removed.times) == (2, 1)
    assert await process.finish() == []


async def test_the_version_before_starts_again_beside_the_new_one_until_something_is_removed(used: Database) -> None:
    """A process of before that crashes during the update must come back, and the operator may go back to it."""
    before = a_process(used, version="1.0.0")
    process = a_process(used, adds(1, Work()), removes(2, Work()))
    await process.bring_forward()
    await before.bring_forward()

    await process.finish()

    with pytest.raises(Invalid, match=r"mitsumori 2\.0\.0 への更新を終えています.*このバージョン\(1\.0\.0\)"):
        await before.bring_forward()
    with pytest.raises(Invalid, match=r"「削除 2」.*2\.0\.0 以降のイメージに戻して"):
        await before.finish()


async def test_a_database_that_is_too_new_is_left_as_it_is(used: Database) -> None:
    """Also where the removal has only begun: a half of what the old code needs may be gone."""

    async def fail() -> None:
        raise Unavailable("mongo")

    with pytest.raises(Unavailable):
        await a_process(used, removes(2, Work(fail))).finish()
    unwanted = Work()

    with pytest.raises(Invalid):
        await a_process(used, adds(1, unwanted), version="1.0.0").bring_forward()

    assert unwanted.times == 0
    assert await used[COLLECTION].count_documents({}) == 1


async def test_a_user_without_the_right_learns_what_gives_it(mongod: Mongod) -> None:
    """The dashboard's must be granted each collection: before the update it had no right on this one."""
    async with connect(mongod.uri_of("rating"), "mitsumori_dashboard") as database:
        with pytest.raises(Invalid, match="docker compose up users"):
            await a_process(database).bring_forward()


async def test_from_a_new_database_nothing_has_to_be_removed(database: Database) -> None:
    added, unneeded = Work(), Work()
    process = a_process(database, adds(1, added), removes(2, unneeded))

    await process.bring_forward()

    assert await process.waiting() == []
    assert (added.times, unneeded.times) == (1, 0)
