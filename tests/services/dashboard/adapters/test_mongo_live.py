"""What the live pages need, held against memory and a real Mongo; the change stream against a Mongo that goes away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from local.mongod import Mongod
from services.dashboard.adapters.desk_box import DeskBox
from services.dashboard.adapters.mongo_changes import MongoChanges
from services.dashboard.adapters.mongo_note_drafts import MongoNoteDrafts
from services.dashboard.adapters.mongo_presence import MongoLooks
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.domain.case import case_of
from services.dashboard.domain.summary import CaseSummary, summary_of
from services.dashboard.ports.cases import IndexedCase
from services.dashboard.ports.live import Change, Looks, NoteDrafts
from shared.runtime.adapters.mongo import Database, connect
from tests.services.dashboard.builders import NOON, OPENER, REQUEST, SEALER, a_note, a_request
from tests.services.dashboard.fakes import InMemoryLooks, InMemoryNoteDrafts
from tests.services.dashboard.specs import LATER, LooksSpec, NoteDraftsSpec, a_draft, a_look

pytestmark = pytest.mark.anyio

PATIENCE_S = 30.0


class TestInMemoryLooks(LooksSpec):
    @pytest.fixture
    def looks(self) -> Looks:
        return InMemoryLooks()


class TestMongoLooks(LooksSpec):
    @pytest.fixture
    async def looks(self, database: Database) -> Looks:
        looks = MongoLooks(database)
        await looks.prepare()
        return looks


class TestInMemoryNoteDrafts(NoteDraftsSpec):
    @pytest.fixture
    def drafts(self) -> NoteDrafts:
        return InMemoryNoteDrafts()


class TestMongoNoteDrafts(NoteDraftsSpec):
    @pytest.fixture
    async def drafts(self, database: Database) -> NoteDrafts:
        drafts = MongoNoteDrafts(database, DeskBox(SEALER, OPENER))
        await drafts.prepare()
        return drafts

    async def test_a_copy_of_the_database_tells_nothing_of_a_text(self, database: Database, drafts: NoteDrafts) -> None:
        await drafts.keep(a_draft("one", 1), LATER)

        [document] = await database["note_drafts"].find().to_list(None)

        assert "折り返し" not in str(document)
        assert {"_id", "request_id", "account", "form", "tab", "number", "saved_at", "until", "done", "box"} == {
            *document
        }

    async def test_a_text_that_was_moved_to_another_account_is_not_shown(
        self, database: Database, drafts: NoteDrafts
    ) -> None:
        await drafts.keep(a_draft("one", 1), LATER)
        await database["note_drafts"].update_one({}, {"$set": {"account": "boss"}})

        assert await drafts.of(REQUEST, "boss", NOON) == []


def a_summary(*more: object) -> CaseSummary:
    case = case_of([a_request(), *more])  # type: ignore[list-item]  # facts
    assert case is not None
    return summary_of(case, None, None)  # type: ignore[arg-type]  # it is whole


@asynccontextmanager
async def following(database: Database) -> AsyncIterator["asyncio.Queue[Change]"]:
    """What a page hears, from the moment on at which the stream has begun."""
    heard: asyncio.Queue[Change] = asyncio.Queue()

    async def follow() -> None:
        async for change in MongoChanges(database).follow():
            heard.put_nowait(change)

    task = asyncio.ensure_future(follow())
    try:
        assert await hear(heard) == Change(None)
        yield heard
    finally:
        task.cancel()
        await asyncio.wait([task])


async def hear(heard: "asyncio.Queue[Change]") -> Change:
    return await asyncio.wait_for(heard.get(), PATIENCE_S)


async def test_every_process_hears_of_new_and_changed_cases(database: Database) -> None:
    summaries = MongoSummaries(database)

    async with following(database) as one, following(database) as other:
        await summaries.put([IndexedCase(a_summary())])
        await summaries.put([IndexedCase(a_summary(a_note()))])
        await database["cases"].delete_one({})
        changes = [[await hear(heard) for _ in range(3)] for heard in (one, other)]

    assert changes == [[Change(REQUEST, is_new=True), Change(REQUEST), Change(REQUEST)]] * 2


async def test_it_is_told_who_comes_types_and_goes_but_not_who_still_looks(database: Database) -> None:
    looks = MongoLooks(database)

    async with following(database) as heard:
        await looks.note(a_look("desk"), NOON)
        for _ in range(3):
            await looks.note(a_look("desk"), LATER)
        await looks.note(a_look("desk", is_typing=True), LATER)
        await looks.end(REQUEST, "desk", "tab")
        await looks.note(a_look("desk", request_id="last"), LATER)
        changes = [await hear(heard) for _ in range(4)]

    assert changes == [Change(REQUEST)] * 3 + [Change("last")]


async def test_making_all_summaries_again_is_no_change_of_those_that_stay_as_they_are(database: Database) -> None:
    summaries = MongoSummaries(database)
    await summaries.put([IndexedCase(a_summary())])

    async with following(database) as heard:
        await summaries.begin_again()
        await MongoLooks(database).note(a_look("desk", request_id="after"), LATER)
        change = await hear(heard)

    assert change == Change("after")


async def test_it_goes_on_where_it_was_when_mongo_was_away(own_mongod: Mongod) -> None:
    async with connect(own_mongod.uri_of("dashboard"), "mitsumori_dashboard") as database:
        looks = MongoLooks(database)
        async with following(database) as heard:
            await looks.note(a_look("desk", request_id="before"), LATER)
            before = await hear(heard)
            own_mongod.kill()
            await asyncio.to_thread(own_mongod.start)
            async with connect(own_mongod.uri, "mitsumori_dashboard") as another:
                await MongoLooks(another).note(a_look("desk", request_id="after"), LATER)
            after = await hear(heard)

    assert (before, after) == (Change("before"), Change("after"))
