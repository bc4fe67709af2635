"""Intake's ports, specified once: what holds of the fakes must hold of Mongo, or the other tests prove nothing."""

from datetime import timedelta

import pytest

from services.intake.adapters.mongo import MongoDrafts, MongoOutcomes, MongoRequests, prepare
from services.intake.domain.outcome import Outcome
from services.intake.domain.request import Request
from services.intake.ports import Drafts, Outcomes, ReceptionNoTaken, Requests
from shared.events import Parcel, RequestReceived, Segment, Wishes
from shared.runtime.adapters.mongo import Database
from tests.intake.fakes import CANARY, NOON, InMemoryDrafts, InMemoryOutcomes, InMemoryRequests, Scene, a_product
from tests.intake.test_submit import valid

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


class TestInMemoryDrafts(DraftsSpec):
    @pytest.fixture
    def drafts(self) -> Drafts:
        return InMemoryDrafts()


class TestMongoDrafts(DraftsSpec):
    @pytest.fixture
    def drafts(self, database: Database) -> Drafts:
        return MongoDrafts(database)


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
