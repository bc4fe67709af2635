"""Intake's ports, specified once: what holds of the fakes must hold of Mongo, or the other tests prove nothing."""

from datetime import timedelta

import pytest

from services.intake.adapters.mongo import MongoDrafts, MongoLinks, MongoOutcomes, MongoRequests, MongoSteps, prepare
from services.intake.domain.funnel import Step
from services.intake.domain.outcome import Outcome
from services.intake.domain.request import Request
from services.intake.ports import Drafts, Links, Outcomes, ReceptionNoTaken, Requests, Steps
from shared.events import Parcel, RequestReceived, ResumeLinkAsked, Segment, Wishes
from shared.runtime.adapters.mongo import Database
from tests.services.intake.fakes import (
    CANARY,
    NOON,
    InMemoryDrafts,
    InMemoryLinks,
    InMemoryOutcomes,
    InMemoryRequests,
    InMemorySteps,
    Scene,
    a_product,
)
from tests.services.intake.test_submit import valid

pytestmark = pytest.mark.anyio


def a_request(request_id: str = "r-1", reception_no: str = "AC3EF4GH", fingerprint: str = "f") -> Request:
    event = RequestReceived(
        request_id=request_id,
        reception_no=reception_no,
        product="cyber-security",
        form_version="1",
        accepted_at=NOON,
        wishes=Wishes(brochure="none", quote=True),
        segment=Segment(industry="retail", turnover_band="1-5oku"),
        parcels={"desk": Parcel(key="desk-1", box="AAAA")},
    )
    return Request(event, fingerprint)


class RequestsSpec:
    @pytest.fixture
    def requests(self) -> Requests:
        raise NotImplementedError

    async def test_what_was_kept_is_found_as_it_was(self, requests: Requests) -> None:
        kept = await requests.keep(a_request())

        assert kept == a_request()
        assert await requests.find("r-1") == a_request()

    async def test_an_id_that_is_taken_answers_with_what_was_there(self, requests: Requests) -> None:
        await requests.keep(a_request())

        kept = await requests.keep(a_request(reception_no="XY3WT4RP", fingerprint="other"))

        assert kept == a_request()

    async def test_no_two_requests_share_a_reception_number(self, requests: Requests) -> None:
        await requests.keep(a_request())

        with pytest.raises(ReceptionNoTaken):
            await requests.keep(a_request("r-2"))

    async def test_a_request_that_never_was_is_not_found(self, requests: Requests) -> None:
        assert await requests.find("r-9") is None


class TestInMemoryRequests(RequestsSpec):
    @pytest.fixture
    def requests(self) -> Requests:
        return InMemoryRequests()


class TestMongoRequests(RequestsSpec):
    @pytest.fixture
    async def requests(self, database: Database) -> Requests:
        await prepare(database)
        return MongoRequests(database, lambda: None)

    async def test_the_event_waits_in_the_same_document_and_the_relay_is_woken(self, database: Database) -> None:
        woken = []

        await MongoRequests(database, lambda: woken.append(1)).keep(a_request())

        [document] = await database["requests"].find().to_list(length=None)
        assert document["relay"]["state"] == "pending"
        assert document["relay"]["topic"] == "mitsumori.requests.v1"
        assert woken

    async def test_the_stored_document_shows_no_contact_and_no_answer(self, database: Database) -> None:
        """The public-facing service is the one that is broken into first."""
        scene = Scene()
        submit = scene.submit.__class__(
            MongoRequests(database, lambda: None), scene.submit.sealer, scene.submit.chance, scene.clock
        )

        await submit(a_product(), valid(incidents="yes", incidents_note=CANARY["incidents_note"]), "key-1")

        [document] = await database["requests"].find().to_list(length=None)
        assert not [word for word in (*CANARY.values(), "d3_01", "500000", "incidents") if word in repr(document)]


class DraftsSpec:
    @pytest.fixture
    def drafts(self) -> Drafts:
        raise NotImplementedError

    async def test_the_last_box_is_the_one_that_is_found(self, drafts: Drafts) -> None:
        await drafts.put("d-1", b"old", NOON + timedelta(hours=1))
        await drafts.put("d-1", b"new", NOON + timedelta(hours=1))

        assert await drafts.get("d-1", NOON) == b"new"

    async def test_a_box_whose_time_is_over_is_gone(self, drafts: Drafts) -> None:
        await drafts.put("d-1", b"box", NOON)

        assert await drafts.get("d-1", NOON) is None

    async def test_a_box_that_never_was_is_not_found(self, drafts: Drafts) -> None:
        assert await drafts.get("d-9", NOON) is None

    async def test_nothing_is_left_of_a_box_that_was_dropped(self, drafts: Drafts) -> None:
        await drafts.put("d-1", b"box", NOON + timedelta(hours=1))

        await drafts.drop("d-1")
        await drafts.drop("d-9")

        assert await drafts.get("d-1", NOON) is None


class TestInMemoryDrafts(DraftsSpec):
    @pytest.fixture
    def drafts(self) -> Drafts:
        return InMemoryDrafts()


class TestMongoDrafts(DraftsSpec):
    @pytest.fixture
    def drafts(self, database: Database) -> Drafts:
        return MongoDrafts(database)


def an_asking(hours: int = 1) -> ResumeLinkAsked:
    parcels = {"notify": Parcel(key="notify-1", box="AAAA")}
    until = NOON + timedelta(hours=hours)
    return ResumeLinkAsked(request_id="a-1", product="cyber-security", asked_at=NOON, expires_at=until, parcels=parcels)


class LinksSpec:
    @pytest.fixture
    def links(self) -> Links:
        raise NotImplementedError

    async def test_a_link_is_found_until_its_time_is_over(self, links: Links) -> None:
        await links.keep("l-1", b"box", an_asking())

        assert await links.find("l-1", NOON) == b"box"
        assert await links.find("l-1", NOON + timedelta(hours=1)) is None
        assert await links.find("l-9", NOON) is None


class TestInMemoryLinks(LinksSpec):
    @pytest.fixture
    def links(self) -> Links:
        return InMemoryLinks()


class TestMongoLinks(LinksSpec):
    @pytest.fixture
    def links(self, database: Database) -> Links:
        return MongoLinks(database, lambda: None)

    async def test_the_event_that_mails_it_waits_in_the_same_document(self, database: Database) -> None:
        woken = []

        await MongoLinks(database, lambda: woken.append(1)).keep("l-1", b"box", an_asking())

        [document] = await database["links"].find().to_list(length=None)
        assert document["relay"]["state"] == "pending"
        assert document["relay"]["headers"]["ce_type"] == "mitsumori.request.resume_link_asked.v1"
        assert woken


@pytest.mark.parametrize("name", ["drafts", "links"])
async def test_what_is_over_clears_itself_away(database: Database, name: str) -> None:
    await prepare(database)

    indexes = await database[name].index_information()

    assert indexes["until_1"]["expireAfterSeconds"] == 0


def a_step(visit: str, hours: int, product: str = "cyber-security") -> Step:
    return Step(product, visit, "error", NOON + timedelta(hours=hours), "contact", ("email", "phone"))


class StepsSpec:
    @pytest.fixture
    def steps(self) -> Steps:
        raise NotImplementedError

    async def test_the_steps_of_a_product_since_a_moment_are_told_in_their_order(self, steps: Steps) -> None:
        for step in (a_step("a", -1), a_step("b", 0), a_step("c", 1), a_step("d", 1, "other")):
            await steps.keep(step)

        assert list(await steps.since("cyber-security", NOON)) == [a_step("b", 0), a_step("c", 1)]


class TestInMemorySteps(StepsSpec):
    @pytest.fixture
    def steps(self) -> Steps:
        return InMemorySteps()


class TestMongoSteps(StepsSpec):
    @pytest.fixture
    def steps(self, database: Database) -> Steps:
        return MongoSteps(database)


class OutcomesSpec:
    @pytest.fixture
    def outcomes(self) -> Outcomes:
        raise NotImplementedError

    async def test_what_is_told_twice_is_kept_once(self, outcomes: Outcomes) -> None:
        told = Outcome("quote:q-1", "r-1", "quoted", NOON)

        await outcomes.keep(told)
        await outcomes.keep(told)
        await outcomes.keep(Outcome("letter:l-1:sent", "r-2", "sent", NOON, "receipt"))

        assert await outcomes.of("r-1") == [told]


class TestInMemoryOutcomes(OutcomesSpec):
    @pytest.fixture
    def outcomes(self) -> Outcomes:
        return InMemoryOutcomes()


class TestMongoOutcomes(OutcomesSpec):
    @pytest.fixture
    def outcomes(self, database: Database) -> Outcomes:
        return MongoOutcomes(database)
