"""A restore by this version of what another one has written, and of what others find while it is not done."""

import asyncio
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from local.backup import restore as restore_module
from local.backup.topics import Shape, make_topics_anew
from services.intake.adapters.mongo import MongoRequests
from services.intake.domain.request import Request
from services.registry import SERVICES
from shared.errors import Invalid
from shared.events import Envelope, Event, RequestErased, RequestReceived, event_id
from shared.runtime.adapters.mongo import Database, connect
from shared.runtime.adapters.mongo_migrations import MongoMigrations, Step
from tests.local.backup.backups import Backups, Document, everything, opened
from tests.services.intake.builders import letter_sent
from tests.services.notify.builders import NOON, a_request


def test_no_service_starts_on_databases_that_are_half_restored(
    backups: Backups, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would answer for a ledger whose other half is not there yet. Before the first write, and until the last."""
    with opened(backups) as client:
        for one in SERVICES:
            client[one.database]["migrations"].insert_one(OF_BEFORE)
        before, made, during = everything(client), backups.make(), list[dict[str, str]]()
        for step in ("_empty", "_put", "republish_events"):
            monkeypatch.setattr(f"local.backup.restore.{step}", noting(step, during, backups.mongo))

        backups.restore(made)

        after = refusals(backups.mongo)
        assert everything(client) == before
    assert len(during) >= 3
    for refused in during:
        assert refused.keys() == {one.database for one in SERVICES}
        assert all("復元の途中です。mitsumori restore を" in reason for reason in refused.values())
    assert after == {}


OF_BEFORE: Document = {"_id": 1, "title": "t", "removes": False, "version": "0.0.1", "done_at": NOON}


def noting(step: str, during: list[dict[str, str]], mongo: str) -> Any:  # noqa: ANN401  # as it is
    """The step of a restore, and before it a look at who would start."""
    work = getattr(restore_module, step)

    def look_and_work(*words: Any, **more: Any) -> Any:  # noqa: ANN401  # as it is
        during.append(refusals(mongo))
        return work(*words, **more)

    return look_and_work


def refusals(mongo: str) -> dict[str, str]:
    """Database → why a process that starts now does not."""

    async def start(database: str) -> None:
        async with connect(mongo, database) as found:
            await MongoMigrations(found, [A_STEP], "1.0.0").bring_forward()

    refused = {}
    for one in SERVICES:
        try:
            asyncio.run(start(one.database))
        except Invalid as reason:
            refused[one.database] = str(reason)
    return refused


async def no_work(_database: Database) -> None:
    """There is nothing to change."""


A_STEP = Step(number=1, title="t", run=no_work)


def test_what_only_a_later_version_knows_survives_a_restore_by_this_one(backups: Backups, kafka: str) -> None:
    """A field of a request, a header, and a record of a type of its own: nobody else has them any more."""
    asyncio.run(make_topics_anew(kafka, Shape()))
    request = a_request(request_id="accepted-after-it", reception_no="P3QRS7TU")
    text = request.to_text().replace("{", '{"of_later": {"one": 1},', 1)
    erased = RequestErased(request_id="gone", erased_at=NOON)
    sent = letter_sent("x", letter_id="sent")
    with opened(backups) as client:
        made = backups.make()
        asyncio.run(publish_text(kafka, request, text, ce_later="yes"))
        asyncio.run(publish_text(kafka, erased, erased.to_text().replace("{", '{"why": "asked",', 1)))
        asyncio.run(publish_text(kafka, sent, sent.to_text().replace("{", '{"by": "smtp",', 1)))
        asyncio.run(publish_text(kafka, request, '{"new": true}', ce_type="mitsumori.request.paid.v1"))

        done = backups.restore(made, kafka)

        kept = client["mitsumori_intake"]["requests"].find_one({})
        assert kept is not None
        assert (kept["relay"]["body"], kept["relay"]["headers"]["ce_later"]) == (text, "yes")
        assert (kept["of_later"], kept["accepted_at"]) == ({"one": 1}, request.accepted_at)
        [of_erasure] = client["mitsumori_intake"]["erased"].find()
        [of_letter] = client["mitsumori_notify"]["outcomes"].find()
        assert '"why": "asked"' in of_erasure["relay"]["body"]
        assert '"by": "smtp"' in of_letter["relay"]["body"]
        aside = {str(one.name): list(client[one.database]["dead_letters"].find()) for one in SERVICES}
        assert {name for name, found in aside.items() if found} == {"rating", "notify", "dashboard"}
        for name in ("rating", "notify", "dashboard"):
            [record] = aside[name]
            assert (record["body"], record["reason"], record["group"]) == (b'{"new": true}', "unknown-type", name)
            assert ["ce_type", b"mitsumori.request.paid.v1"] in record["headers"]
        assert done.recovered.unknown == 1


async def publish_text(kafka: str, event: Event, text: str, **headers: str) -> None:
    """*event* as a later version writes it."""
    own = Envelope(id=event_id(text, event.type), type=event.type, source="/t", subject=event.request_id, time=NOON)
    named = [(name, value.encode()) for name, value in {**own.headers(), **headers}.items()]
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all") as producer:
        await producer.send_and_wait(event.topic, text.encode(), key=event.request_id.encode(), headers=named)


def test_a_document_that_is_put_back_is_as_the_service_had_made_it(backups: Backups, kafka: str) -> None:
    """But for the fingerprint, which is nowhere else."""
    asyncio.run(make_topics_anew(kafka, Shape()))
    request = a_request(request_id="accepted-after-it", reception_no="P3QRS7TU")
    with opened(backups) as client:
        made = backups.make()
        asyncio.run(publish_text(kafka, request, request.to_text()))
        asyncio.run(add_request(backups.mongo, request))
        before = client["mitsumori_intake"]["requests"].find_one({})

        backups.restore(made, kafka, discard=True)

        after = client["mitsumori_intake"]["requests"].find_one({})
        assert before is not None
        assert after is not None
        assert {**after, "relay": 0} == {**before, "fingerprint": "", "relay": 0}
        assert after["relay"]["body"] == before["relay"]["body"]


async def add_request(mongo: str, request: RequestReceived) -> None:
    async with connect(mongo, "mitsumori_intake") as database:
        await MongoRequests(database, lambda _event: None).add(Request(request, "of-its-body"))
