"""The fakes and Mongo keep what `specs.py` promises."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from bson.datetime_ms import DatetimeMS

from local.mongod import Mongod
from services.intake.adapters.mongo import (
    MongoDrafts,
    MongoLinks,
    MongoOutcomes,
    MongoRequests,
    prepare,
    request_ids,
)
from services.intake.adapters.mongo_steps import MongoFormCounts, MongoSteps
from services.intake.domain.funnel import Step
from services.intake.domain.outcome import Outcome
from services.intake.ports import Drafts, FormCounts, Links, Outcomes, Requests, Steps
from shared.runtime.adapters.mongo import Database, connect
from shared.runtime.outbox import OutboxEntry
from tests.services.intake.builders import (
    CANARY,
    NOON,
    a_colleague_asked,
    a_count,
    a_link_asked,
    a_product,
    a_request,
    accepted_answers,
)
from tests.services.intake.fakes import (
    InMemoryDrafts,
    InMemoryFormCounts,
    InMemoryLinks,
    InMemoryOutcomes,
    InMemoryRequests,
    InMemorySteps,
    Scene,
)
from tests.services.intake.specs import DraftsSpec, FormCountsSpec, LinksSpec, OutcomesSpec, RequestsSpec, StepsSpec

pytestmark = pytest.mark.anyio


class TestInMemoryRequests(RequestsSpec):
    @pytest.fixture
    def requests(self) -> Requests:
        return InMemoryRequests()


class TestMongoRequests(RequestsSpec):
    @pytest.fixture
    async def requests(self, database: Database) -> Requests:
        await prepare(database)
        return MongoRequests(database, lambda _event: None)

    async def test_the_event_waits_in_the_same_document_and_the_relay_is_woken(self, database: Database) -> None:
        woken = []

        await MongoRequests(database, lambda _event: woken.append(1)).add(a_request())

        [document] = await database["requests"].find().to_list(length=None)
        assert document["relay"]["state"] == "pending"
        assert document["relay"]["topic"] == "mitsumori.requests.v1"
        assert woken

    async def test_the_stored_document_shows_no_contact_and_no_answer(self, database: Database) -> None:
        """The public-facing service is the one that is broken into first."""
        scene = Scene()
        submit = replace(scene.submit, requests=MongoRequests(database, lambda _event: None))

        await submit(a_product(), accepted_answers(incidents="yes", incidents_note=CANARY["incidents_note"]), "key-1")

        [document] = await database["requests"].find().to_list(length=None)
        assert not [word for word in (*CANARY.values(), "d3_01", "500000", "incidents") if word in repr(document)]


class TestInMemoryDrafts(DraftsSpec):
    @pytest.fixture
    def drafts(self) -> Drafts:
        return InMemoryDrafts()


class TestMongoDrafts(DraftsSpec):
    @pytest.fixture
    def drafts(self, database: Database) -> Drafts:
        return MongoDrafts(database)


class TestInMemoryLinks(LinksSpec):
    @pytest.fixture
    def links(self) -> Links:
        return InMemoryLinks()


class TestMongoLinks(LinksSpec):
    @pytest.fixture
    def links(self, database: Database) -> Links:
        return MongoLinks(database, lambda _event: None)

    async def test_the_event_that_mails_it_waits_in_the_same_document(self, database: Database) -> None:
        woken = []

        await MongoLinks(database, lambda _event: woken.append(1)).add("l-1", b"encrypted", a_link_asked())

        [document] = await database["links"].find().to_list(length=None)
        assert document["relay"]["state"] == "pending"
        assert document["relay"]["headers"]["ce_type"] == "mitsumori.request.resume_link_asked.v1"
        assert woken

    async def test_a_mail_about_a_link_waits_in_a_document_that_goes_when_it_is_too_late(
        self, database: Database
    ) -> None:
        woken, mail = [], a_colleague_asked()
        links = MongoLinks(database, lambda _event: woken.append(1))

        for _ in range(2):
            await links.mail(mail, NOON)

        [document] = await database["links"].find().to_list(length=None)
        assert document["until"] == mail.expires_at
        assert document["relay"]["headers"]["ce_type"] == "mitsumori.request.colleague_asked.v1"
        assert woken == [1]


class TestInMemorySteps(StepsSpec):
    @pytest.fixture
    def steps(self) -> Steps:
        return InMemorySteps()


class TestMongoSteps(StepsSpec):
    @pytest.fixture
    def steps(self, database: Database) -> Steps:
        return MongoSteps(database)


class TestInMemoryFormCounts(FormCountsSpec):
    @pytest.fixture
    def counts(self, announced: list[OutboxEntry]) -> FormCounts:
        return InMemoryFormCounts(announced)


class TestMongoFormCounts(FormCountsSpec):
    @pytest.fixture
    def counts(self, database: Database, announced: list[OutboxEntry]) -> FormCounts:
        return MongoFormCounts(database, announced.append)

    async def test_another_process_that_counts_the_same_stores_nothing(
        self, counts: FormCounts, database: Database, announced: list[OutboxEntry]
    ) -> None:
        await counts.add(a_count())

        await MongoFormCounts(database, announced.append).add(a_count(minutes=1))

        assert len(announced) == 1
        assert await database["form_counts"].count_documents({}) == 1


class TestInMemoryOutcomes(OutcomesSpec):
    @pytest.fixture
    def outcomes(self) -> Outcomes:
        return InMemoryOutcomes()


class TestMongoOutcomes(OutcomesSpec):
    @pytest.fixture
    def outcomes(self, database: Database) -> Outcomes:
        return MongoOutcomes(database)

    @pytest.mark.parametrize(
        "odd",
        [
            {"at": DatetimeMS(2**62)},
            {"at": "yesterday"},
            {"at": None},
            {"fate": "of-tomorrow"},
            {"fate": ["sent"]},
            {"letter": 5},
            {"letter": None, "fate": None},
        ],
        ids=str,
    )
    async def test_one_that_cannot_be_read_hides_no_other(self, database: Database, odd: dict[str, Any]) -> None:
        """A single damaged document made the status, the page with the 受付番号 and the 控え of its request a 500."""
        outcome = Outcome(id="quote:q-1", request_id="r-1", fate="quoted", at=NOON)
        await MongoOutcomes(database).add(outcome)
        document = {"_id": "odd", "request_id": "r-1", "fate": "sent", "at": NOON, "letter": "receipt"}
        await database["outcomes"].insert_one(document | odd)

        assert await MongoOutcomes(database).of("r-1") == [outcome]


@pytest.mark.parametrize("name", ["drafts", "links"])
async def test_what_is_over_clears_itself_away(database: Database, name: str) -> None:
    await prepare(database)

    indexes = await database[name].index_information()

    assert indexes["until_1"]["expireAfterSeconds"] == 0


async def test_all_processes_and_all_starts_key_their_request_ids_with_one_secret(database: Database) -> None:
    """The same Idempotency-Key must be the same request, whichever process is asked and however often it restarts."""
    ids = await asyncio.gather(*(request_ids(database, NOON) for _ in range(8)))
    later = await request_ids(database, NOON + timedelta(days=400))

    assert len({(one.secret, one.older_until) for one in (*ids, later)}) == 1
    assert len(later.secret) == 32
    assert later.older_until is None


async def test_a_ledger_of_the_version_before_is_searched_for_its_ids_for_ninety_days(database: Database) -> None:
    await prepare(database)
    await MongoRequests(database, lambda _event: None).add(a_request())

    ids = await request_ids(database, NOON)

    assert ids.older_until == NOON + timedelta(days=90)


async def test_a_damaged_step_is_left_out_and_the_others_are_counted(database: Database) -> None:
    """One document without its keys, and `mitsumori funnel` ended with a traceback for 400 days."""
    steps = MongoSteps(database)
    whole = Step(product="cyber-security", visit="v", kind="started", at=NOON)
    await steps.add(whole)
    await database["steps"].insert_one({"product": "cyber-security", "visit": "w", "kind": "started", "at": NOON})
    await database["steps"].update_many({"visit": "w"}, {"$set": {"keys": None}})

    assert await steps.since("cyber-security", NOON) == [whole]


async def test_drafts_are_counted_as_they_are_after_mongo_was_killed(own_mongod: Mongod) -> None:
    """MongoDB's own estimate is that of its last checkpoint then, and the limit would be another than it says."""
    async with connect(own_mongod.uri, "mitsumori_intake") as database:
        drafts = MongoDrafts(database)
        await drafts.save("d-1", b"encrypted", NOON + timedelta(hours=1))
        await database.client.admin.command("fsync")
        await drafts.save("d-2", b"encrypted", NOON + timedelta(hours=1))
        own_mongod.kill()
        await asyncio.to_thread(own_mongod.start)

        assert await drafts.count() == 2
