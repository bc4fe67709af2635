"""The audit keeps every act, in a chain that shows whatever was changed, added or removed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from time import process_time
from typing import Any

import pytest
from bson import encode
from bson.binary import Binary
from bson.int64 import Int64

from services.dashboard.adapters.audit_chain import Link, Verifier, chained
from services.dashboard.adapters.mongo_audit import MongoAudit, verify_audit
from services.dashboard.domain.visitor import Visitor
from shared.runtime.adapters.mongo import Database, connect
from tests.services.dashboard.builders import NOON, REQUEST

pytestmark = pytest.mark.anyio

Tampering = Callable[[Any], Awaitable[Any]]
DAY = timedelta(days=1)


async def record_days(database: Database, days: int) -> None:
    """One act a day, at noon; with the genesis that makes the numbers 0 to *days*."""
    audit = MongoAudit(database)
    for day in range(days):
        await audit.record("opened-case", NOON + day * DAY, "desk", REQUEST)


async def problem(database: Database, now: datetime = NOON, known: str | None = None) -> tuple[str, str] | None:
    broken = (await verify_audit(database, now, known)).broken
    return (broken.id, broken.why) if broken else None


async def test_every_act_is_kept_with_who_when_and_what(database: Database) -> None:
    audit, visitor = MongoAudit(database), Visitor(address="198.51.100.7", agent="browser")

    for _ in range(2):
        await audit.record("opened-case", NOON, "desk", REQUEST)
    await audit.record("listed-cases", NOON, "desk", seen=[REQUEST])
    await audit.record("logged-in", NOON, "desk", visitor=visitor)
    await audit.record("role-changed", NOON, "boss", about="desk=viewer")

    chain = {"_id": 0, "prev": 0, "hash": 0, "prev_at": 0}
    genesis, *entries = await database["audit"].find({}, chain).sort("_id", 1).to_list(None)
    act = {"at": NOON, "account": "desk", "request_id": None}
    assert genesis == act | {"act": "chain-began", "account": "", "before": []}
    assert entries == [
        act | {"act": "opened-case", "request_id": REQUEST},
        act | {"act": "opened-case", "request_id": REQUEST},
        act | {"act": "listed-cases", "seen": [REQUEST]},
        act | {"act": "logged-in", "network": "198.51.100.0/24", "agent": "browser"},
        act | {"act": "role-changed", "account": "boss", "about": "desk=viewer"},
    ]


@pytest.fixture
async def processes(database: Database, mongo_uri: str) -> AsyncIterator[list[MongoAudit]]:
    """Of three dashboards on one database."""
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connect(mongo_uri, database.name)) for _ in range(3)]
        yield [MongoAudit(client) for client in clients]


async def test_processes_that_append_at_the_same_time_make_one_chain(
    database: Database, processes: list[MongoAudit]
) -> None:
    """Two that had read the same last entry would both follow it, and one of them be lost or the chain fork."""
    names = [f"{number}-{process}" for number in range(60) for process in range(3)]

    await asyncio.gather(*(processes[int(name[-1])].record("opened-case", NOON, name) for name in names))

    verified = await verify_audit(database, NOON)
    kept = [entry["account"] async for entry in database["audit"].find({"act": "opened-case"})]
    assert (verified.broken, verified.entries) == (None, 181)
    assert sorted(kept) == sorted(names)


async def test_what_was_written_before_another_process_came_between_is_not_written_again(database: Database) -> None:
    """MongoDB takes the documents of a group one by one, and another's may come in the midst of them."""
    audit = MongoAudit(database)
    await audit.record("opened-case", NOON, "first")
    await database["audit"].insert_one({"_id": Int64(3), "hash": Binary(bytes(32)), "at": NOON})

    await asyncio.gather(*(audit.record("opened-case", NOON, name) for name in ("a", "b", "c")))

    kept = await database["audit"].find({"act": "opened-case"}).sort("_id", 1).to_list(None)
    assert [(entry["_id"], entry["account"]) for entry in kept] == [(1, "first"), (2, "a"), (4, "b"), (5, "c")]


async def test_an_act_is_on_disk_before_its_page_goes_on_and_many_share_a_write(database: Database) -> None:
    audit = MongoAudit(database)
    await audit.record("opened-case", NOON, "desk", REQUEST)
    before = await written(database)

    await asyncio.gather(*(audit.record("opened-case", NOON, "desk", REQUEST) for _ in range(100)))

    commands = await written(database) - before
    assert commands <= 2
    assert await database["audit"].count_documents({"act": "opened-case"}) == 101


async def written(database: Database) -> int:
    """How many inserts the server has been asked for, of all who use it: no other test runs now."""
    status = await database.client.admin.command("serverStatus")
    return int(status["metrics"]["commands"]["insert"]["total"])


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        pytest.param(
            lambda acts: acts.update_one({"_id": 3}, {"$set": {"account": "boss"}}), ("3", "changed"), id="another name"
        ),
        pytest.param(
            lambda acts: acts.update_one({"_id": 3}, {"$set": {"note": "x"}}), ("3", "changed"), id="one more field"
        ),
        pytest.param(lambda acts: acts.delete_one({"_id": 3}), ("3", "missing"), id="one removed"),
        pytest.param(lambda acts: acts.delete_one({"_id": 0}), ("0", "missing"), id="the beginning removed"),
        pytest.param(
            lambda acts: acts.insert_one({"_id": Int64(6), "at": NOON, "prev_at": NOON}), ("6", "changed"), id="added"
        ),
        pytest.param(
            lambda acts: acts.insert_one({"_id": "aside", "at": NOON}), ("2026-11-23", "added"), id="added aside"
        ),
        pytest.param(lambda acts: rewritten(acts, 3), ("4", "does-not-follow"), id="replaced with a right hash"),
    ],
)
async def test_whatever_is_not_as_it_was_written_is_named(
    database: Database, tamper: Tampering, found: tuple[str, str]
) -> None:
    await record_days(database, 5)
    whole = await problem(database)

    await tamper(database["audit"])

    assert whole is None
    assert await problem(database) == found


async def rewritten(acts: Any, number: int) -> None:  # noqa: ANN401  # Motor's collection
    """By somebody who knows how entries are hashed, and does not write all later ones anew too."""
    before, entry = await acts.find_one({"_id": number - 1}), await acts.find_one({"_id": number})
    fields = {key: value for key, value in entry.items() if key not in {"_id", "prev", "prev_at", "hash"}}
    link = Link(number - 1, bytes(before["hash"]), before["at"])
    [new] = chained(link, [fields | {"account": "boss"}])
    await acts.replace_one({"_id": number}, new)


async def test_what_mongodb_deletes_when_its_time_has_come_is_not_missed(database: Database) -> None:
    """The chain then begins later: the first entry says when the one before it was made."""
    await record_days(database, 10)
    now = NOON + 405 * DAY

    await database["audit"].delete_many({"at": {"$lt": now - 400 * DAY}})

    assert await problem(database, now) is None
    assert (await verify_audit(database, now)).entries == 5


async def test_more_than_was_due_is_missed(database: Database) -> None:
    await record_days(database, 10)
    now = NOON + 405 * DAY

    await database["audit"].delete_many({"at": {"$lt": now - 397 * DAY}})

    assert await problem(database, now) == ("0", "missing")


async def test_entries_from_before_the_chain_are_bound_by_its_first_entry(database: Database) -> None:
    former = [{"_id": f"uuid-{day}", "act": "opened-case", "at": NOON - day * DAY, "account": "a"} for day in range(3)]
    await database["audit"].insert_many(former)
    await record_days(database, 2)
    whole = await problem(database)

    await database["audit"].update_one({"_id": "uuid-1"}, {"$set": {"account": "b"}})
    changed = await problem(database)
    await database["audit"].delete_one({"_id": "uuid-1"})
    missing = await problem(database)

    assert (whole, changed, missing) == (None, ("2026-11-22", "changed"), ("2026-11-22", "missing"))
    later = NOON + 400 * DAY
    await database["audit"].delete_many({"at": {"$lt": NOON}})
    assert await problem(database, later) is None


async def test_an_entry_that_was_noted_elsewhere_shows_that_the_newest_were_removed(database: Database) -> None:
    """Nothing in a chain says where it ends."""
    await record_days(database, 5)
    head = (await verify_audit(database, NOON)).head
    whole = await problem(database, known=head)

    await database["audit"].delete_many({"_id": {"$gt": 3}})

    assert (whole, await problem(database)) == (None, None)
    assert await problem(database, known=head) == ("4", "missing")


async def test_a_chain_that_was_written_anew_is_not_the_one_that_was_noted(database: Database) -> None:
    await record_days(database, 5)
    head = (await verify_audit(database, NOON)).head

    await database["audit"].delete_many({})
    await record_days(database, 6)
    await database["audit"].delete_many({})
    audit = MongoAudit(database)
    for _ in range(6):
        await audit.record("opened-case", NOON, "boss")

    assert await problem(database) is None
    assert await problem(database, known=head) == ("5", "changed")


def test_a_million_entries_take_less_than_five_seconds() -> None:
    """Of processor time, and without MongoDB, which reads on meanwhile. Measured with a twentieth of them."""
    entries: list[dict[str, Any]] = [{"act": "chain-began", "at": NOON, "before": []}]
    entries += [{"act": "opened-case", "at": NOON, "account": "desk", "request_id": REQUEST} for _ in range(50_000)]
    batch = b"".join(encode(entry) for entry in chained(None, entries))
    verifier = Verifier(NOON)

    started = process_time()
    verifier.read(batch)
    took_s = process_time() - started

    assert (verifier.end([]).entries, verifier.broken) == (50_001, None)
    assert took_s * 20 < 5


async def test_an_empty_audit_is_whole(database: Database) -> None:
    verified = await verify_audit(database, NOON)

    assert (verified.entries, verified.head, verified.broken) == (0, "", None)
