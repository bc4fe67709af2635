"""An event leaves the ledger when Kafka has acknowledged it, and not before."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson.datetime_ms import DatetimeMS
from structlog.testing import capture_logs

from shared.errors import Invalid, Unavailable
from shared.events import RequestErased, event_id
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from shared.runtime.outbox import OWN_FOR, OutboxEntry, new_entry, outbox_entry, outbox_fields
from shared.runtime.relay import Relay
from tests.shared.runtime.builders import a_document
from tests.shared.runtime.fakes import Topics

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
async def outbox(database: Database) -> MongoOutbox:
    box = MongoOutbox(database, ["facts"])
    await box.prepare()
    return box


async def test_a_fact_is_published_once_with_the_id_of_its_document(database: Database, outbox: MongoOutbox) -> None:
    topics = Topics()
    relay = Relay(outbox, topics.publish, lambda: NOON)
    await insert_once(database["facts"], a_document("r-1"))

    await relay.publish_due()
    await relay.publish_due()

    (record,) = topics.records
    assert record.headers["ce_id"] == event_id("r-1", RequestErased.type)
    assert (record.key, record.headers["ce_subject"], record.headers["ce_time"]) == (
        "r-1",
        "r-1",
        "2026-11-24T03:00:00.000Z",
    )
    await relay.mark()
    assert await outbox.pending() == (0, None)


async def test_an_announced_event_is_published_without_a_look_at_the_database_and_by_nobody_else(
    database: Database, outbox: MongoOutbox
) -> None:
    """Each event was looked for and marked alone: two commands for each of five events of a form."""
    topics, others, now = Topics(), Topics(), [NOON]
    relay = Relay(outbox, topics.publish, lambda: now[0])
    event = RequestErased(request_id="r-1", erased_at=NOON)
    relay_field = outbox_fields(event, document_id="r-1", source="/mitsumori/intake", time=NOON)
    document = {"_id": "r-1", "relay": relay_field}
    await insert_once(database["facts"], document)

    relay.announce(outbox_entry("facts", document))
    await relay.publish_announced()
    found_by_others = await Relay(outbox, others.publish, lambda: now[0]).publish_due()
    now[0] = NOON + OWN_FOR
    await relay.publish_due()

    assert [record.key for record in topics.records] == ["r-1"]
    assert (found_by_others, others.records) == (0, [])


async def test_what_a_process_leaves_behind_is_published_by_another(database: Database, outbox: MongoOutbox) -> None:
    """It was killed between the insert and Kafka, or between Kafka and the mark: readers know it by its id."""
    topics = Topics()
    event = RequestErased(request_id="r-1", erased_at=NOON)
    relay_field = outbox_fields(event, document_id="r-1", source="/mitsumori/intake", time=NOON)
    await insert_once(database["facts"], {"_id": "r-1", "relay": relay_field})

    await Relay(outbox, topics.publish, lambda: NOON + OWN_FOR).publish_due()

    assert [record.key for record in topics.records] == ["r-1"]


async def test_a_held_event_is_published_by_nobody_before_its_time_and_may_be_gone_by_then(
    database: Database, outbox: MongoOutbox
) -> None:
    topics, now = Topics(), [NOON]
    relay = Relay(outbox, topics.publish, lambda: now[0])
    for name in ("stays", "goes"):
        event = RequestErased(request_id=name, erased_at=NOON)
        held = outbox_fields(event, document_id=name, source="/x", time=NOON, held_for=timedelta(seconds=10))
        await insert_once(database["facts"], {"_id": name, "relay": held})

    now[0] = NOON + timedelta(seconds=9)
    early = await relay.publish_due()
    gone = await database["facts"].delete_one({"_id": "goes", "relay.revocable": True})
    now[0] = NOON + timedelta(seconds=10)
    await relay.publish_due()
    too_late = await database["facts"].delete_one({"_id": "stays", "relay.revocable": True})

    assert early == 0
    assert [record.key for record in topics.records] == ["stays"]
    assert (gone.deleted_count, too_late.deleted_count) == (1, 0)


async def test_a_relay_that_stops_marks_what_kafka_has(database: Database, outbox: MongoOutbox) -> None:
    topics = Topics()
    relay = Relay(outbox, topics.publish, lambda: NOON)
    await insert_once(database["facts"], a_document("r-1"))
    running = asyncio.ensure_future(relay.run())
    await asyncio.wait_for(topics.has_record.wait(), 5)

    running.cancel()
    await asyncio.wait([running])

    assert await outbox.pending() == (0, None)


async def test_while_kafka_is_away_facts_wait_and_then_leave_in_order(database: Database, outbox: MongoOutbox) -> None:
    topics, clock = Topics(), [NOON]
    relay = Relay(outbox, topics.publish, lambda: clock[0])
    for second, name in enumerate(("r-1", "r-2", "r-3")):
        await insert_once(database["facts"], a_document(name, NOON - timedelta(seconds=9 - second)))
    topics.refusal = Unavailable("kafka")

    await relay.publish_due()
    waiting = await outbox.pending()
    topics.refusal = None
    clock[0] = NOON + timedelta(minutes=2)
    await relay.publish_due()

    assert waiting == (3, NOON - timedelta(seconds=9))
    assert sorted(record.key for record in topics.records) == ["r-1", "r-2", "r-3"]


async def test_a_postponed_fact_is_left_alone_until_it_is_due(database: Database, outbox: MongoOutbox) -> None:
    topics = Topics()
    relay = Relay(outbox, topics.publish, lambda: NOON)
    await insert_once(database["facts"], a_document("r-1"))
    topics.refusal = Unavailable("kafka")
    await relay.publish_due()
    topics.refusal = None

    assert await relay.publish_due() == 0
    assert topics.records == []


async def test_a_fact_too_large_for_kafka_is_parked_and_the_others_go_on(
    database: Database, outbox: MongoOutbox
) -> None:
    topics = Topics()
    relay = Relay(outbox, topics.publish, lambda: NOON)
    await insert_once(database["facts"], a_document("large"))
    topics.refusal = Invalid("too-large")
    await relay.publish_due()
    topics.refusal = None
    await insert_once(database["facts"], a_document("small"))

    await relay.publish_due()

    assert [record.key for record in topics.records] == ["small"]
    parked = await database["facts"].find_one({"_id": "large"})
    assert parked is not None
    assert parked["relay"]["state"] == "parked"


async def test_an_old_ledger_is_not_read_through_to_see_what_waits(database: Database, outbox: MongoOutbox) -> None:
    sent = [{"_id": str(n), "relay": {"state": "sent", "due": NOON, "time": NOON}} for n in range(500)]
    await database["facts"].insert_many(sent)
    await insert_once(database["facts"], a_document("r-1"))
    await database.command("profile", 2)

    assert (await outbox.pending())[0] == 1

    await database.command("profile", 0)
    looked_at = [
        entry.get("docsExamined", 0) async for entry in database["system.profile"].find({"ns": {"$regex": "facts$"}})
    ]
    assert looked_at
    assert max(looked_at) <= 1


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param({"$set": {"relay.body": None}}, id="no body"),
        pytest.param({"$unset": {"relay.key": ""}}, id="no key"),
        pytest.param({"$set": {"relay.headers": None}}, id="no headers"),
        pytest.param({"$set": {"relay.headers": {"ce_id": 7}}}, id="a header that is no text"),
        pytest.param({"$set": {"relay.tries": "many"}}, id="no number of tries"),
        pytest.param({"$set": {"relay.topic": ""}}, id="no topic"),
        pytest.param({"$unset": {"relay.time": "", "relay.body": ""}}, id="no time"),
    ],
)
async def test_a_damaged_document_is_parked_and_the_others_go_on(
    database: Database, outbox: MongoOutbox, damage: dict[str, Any]
) -> None:
    """One document with a null body ended the relay, and with it the process, at each new start.

    Not one request was priced until somebody found it: nothing named the document.
    """
    topics = Topics()
    relay = Relay(outbox, topics.publish, lambda: NOON)
    await insert_once(database["facts"], a_document("damaged", NOON - timedelta(seconds=1)))
    await database["facts"].update_one({"_id": "damaged"}, damage)
    await insert_once(database["facts"], a_document("whole"))
    waiting = (await outbox.pending())[0]

    with capture_logs() as lines:
        await relay.publish_due()

    assert waiting == 2
    assert [record.key for record in topics.records] == ["whole"]
    parked = await database["facts"].find_one({"_id": "damaged"})
    assert parked is not None
    assert parked["relay"]["state"] == "parked"
    [line] = lines
    assert (line["log_level"], line["event"]) == ("error", "event parked")
    assert (line["collection"], line["document_id"]) == ("facts", "damaged")


async def test_a_date_that_python_cannot_hold_stops_no_other_event(database: Database, outbox: MongoOutbox) -> None:
    topics = Topics()
    relay = Relay(outbox, topics.publish, lambda: NOON)
    await insert_once(database["facts"], a_document("damaged"))
    await database["facts"].update_one({"_id": "damaged"}, {"$set": {"relay.time": DatetimeMS(2**60)}})
    await insert_once(database["facts"], a_document("whole"))

    await relay.publish_due()
    await relay.mark()

    assert "whole" in [record.key for record in topics.records]
    assert (await outbox.pending())[0] == 0


async def test_a_bug_with_one_event_ends_neither_the_relay_nor_the_events_of_others(
    database: Database, outbox: MongoOutbox
) -> None:
    """It is tried again later: a new release may mend it, and until then an error names the document."""
    topics, clock = Topics(), [NOON]

    async def publish(event: OutboxEntry) -> None:
        if event.key == "odd" and clock[0] == NOON:
            raise ZeroDivisionError
        await topics.publish(event)

    relay = Relay(outbox, publish, lambda: clock[0])
    for name in ("odd", "even"):
        await insert_once(database["facts"], a_document(name))

    with capture_logs() as lines:
        await relay.publish_due()
    clock[0] += timedelta(minutes=2)
    await relay.publish_due()

    assert [record.key for record in topics.records] == ["even", "odd"]
    assert [(line["log_level"], line["document_id"]) for line in lines] == [("error", "odd")]


def test_an_event_that_was_just_made_is_announced_as_it_would_be_found() -> None:
    document = a_document("r-1")

    assert new_entry("facts", document) == outbox_entry("facts", document)
