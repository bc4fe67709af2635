"""An erasure is one insert with its event; what intake holds is overwritten, and its statistics stay."""

import json
from datetime import timedelta

import pytest

from services.intake.adapters.mongo import MongoRequests, prepare
from services.intake.adapters.mongo_erasures import MongoErasures, holdings_of
from services.intake.usecases.forget_erased import ForgetErased
from shared.errors import Unavailable
from shared.events import RequestErased, rfc3339
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from tests.services.intake.builders import NOON, a_request

pytestmark = pytest.mark.anyio

OUTBOX = ("requests", "erased")
REQUEST = a_request().id


@pytest.fixture
async def erasures(database: Database) -> MongoErasures:
    """Beside two requests."""
    await prepare(database)
    requests = MongoRequests(database, lambda _event: None)
    for request in (a_request(), a_request("another", "KLM56NPQ")):
        await requests.add(request)
    erasures = MongoErasures(database)
    await erasures.prepare()
    return erasures


async def published(database: Database) -> list[tuple[str, str]]:
    """What a relay would publish a day later."""
    due = await MongoOutbox(database, OUTBOX).due(NOON + timedelta(days=1), 9)
    return [(entry.key, entry.headers["ce_type"]) for entry in due]


async def test_the_other_services_are_told_once(database: Database, erasures: MongoErasures) -> None:
    added = [await erasures.add(REQUEST, NOON) for _ in range(2)]

    told = [(key, kind) for key, kind in await published(database) if kind == RequestErased.type]
    assert (added, told) == ([True, False], [(REQUEST, RequestErased.type)])


async def test_who_asks_again_has_them_told_again(database: Database, erasures: MongoErasures) -> None:
    """A service whose database comes from a backup has forgotten that it had obeyed."""
    outbox = MongoOutbox(database, ["erased"])
    await erasures.add(REQUEST, NOON)
    await outbox.mark_sent(await outbox.due(NOON + timedelta(days=1), 9))
    await erasures.mark(REQUEST)

    await erasures.add(REQUEST, NOON + timedelta(days=2))

    [again] = await outbox.due(NOON + timedelta(days=3), 9)
    assert json.loads(again.body)["erased_at"] == rfc3339(NOON)
    assert list(await erasures.waiting(9)) == [REQUEST]


async def test_what_intake_holds_is_forgotten_and_what_is_counted_stays(
    database: Database, erasures: MongoErasures
) -> None:
    holdings = holdings_of(database, lambda: NOON)
    before = await database["requests"].find_one(REQUEST)
    held = await holdings.count(REQUEST)
    await erasures.add(REQUEST, NOON)

    await ForgetErased(erasures, holdings.forget)()

    after = await database["requests"].find_one(REQUEST)
    assert before
    assert after
    assert (held, await holdings.count(REQUEST), await erasures.waiting(9)) == ({"requests": 1}, {}, [])
    gone = {"fingerprint": "", "parcels": {}, "relay": {"state": "erased"}}
    assert after == before | gone
    assert (REQUEST, "mitsumori.request.received.v1") not in await published(database)
    assert ("another", "mitsumori.request.received.v1") in await published(database)


async def test_an_erasure_that_was_cut_off_is_finished_by_whoever_looks_next(
    database: Database, erasures: MongoErasures
) -> None:
    await erasures.add(REQUEST, NOON)

    async def dies(_request_id: str) -> None:
        raise Unavailable("mongo")

    with pytest.raises(Unavailable):
        await ForgetErased(erasures, dies)()
    holdings = holdings_of(database, lambda: NOON)
    await ForgetErased(erasures, holdings.forget)()

    assert (await holdings.count(REQUEST), await erasures.waiting(9)) == ({}, [])


async def test_the_same_answers_again_are_no_way_to_bring_it_back(database: Database, erasures: MongoErasures) -> None:
    """A request is recognised by its id; the document of the erased one stays, with nothing in it to compare."""
    await erasures.add(REQUEST, NOON)
    await ForgetErased(erasures, holdings_of(database, lambda: NOON).forget)()

    stored = await MongoRequests(database, lambda _event: None).add(a_request())

    assert stored.fingerprint != a_request().fingerprint
    assert (await database["requests"].find_one(REQUEST) or {})["parcels"] == {}
