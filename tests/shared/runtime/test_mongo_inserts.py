"""Inserts that decide who was first, alone and many at once, on a real mongod."""

import asyncio
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.runtime.adapters.mongo import Database, connect
from shared.runtime.adapters.mongo_inserts import Clash, insert_once

pytestmark = pytest.mark.anyio


async def test_a_second_writer_of_the_same_fact_learns_that_it_is_known(database: Database) -> None:
    first = await insert_once(database["facts"], {"_id": "r-1", "by": "first"})
    second = await insert_once(database["facts"], {"_id": "r-1", "by": "second"})

    kept = await database["facts"].find_one({"_id": "r-1"})
    assert (first, second, kept) == (True, False, {"_id": "r-1", "by": "first"})


async def test_another_unique_field_that_is_taken_is_not_mistaken_for_the_same_fact(database: Database) -> None:
    await database["facts"].create_index("reception_no", unique=True)
    await insert_once(database["facts"], {"_id": "r-1", "reception_no": "K7M2P4XR"})

    with pytest.raises(Clash, match="reception_no"):
        await insert_once(database["facts"], {"_id": "r-2", "reception_no": "K7M2P4XR"})


async def commands(database: Database) -> int:
    """How many insert commands the server has had."""
    status = await database.client.admin.command("serverStatus")
    total: int = status["metrics"]["commands"]["insert"]["total"]
    return total


async def test_documents_that_come_at_once_go_together(database: Database) -> None:
    """Each command, and each wait for the disk, served one document: 28 of them for a form."""
    before = await commands(database)

    kept = await asyncio.gather(*(insert_once(database["facts"], {"_id": str(number)}) for number in range(90)))

    assert kept == [True] * 90
    assert await database["facts"].count_documents({}) == 90
    assert await commands(database) - before == 1


async def test_each_of_those_that_go_together_learns_what_became_of_its_own(database: Database) -> None:
    await database["facts"].create_index("reception_no", unique=True)
    await insert_once(database["facts"], {"_id": "known", "reception_no": "AAAA"})

    answers = await asyncio.gather(
        *(
            insert_once(database["facts"], {"_id": name, "reception_no": number})
            for name, number in (("first", "BBBB"), ("known", "CCCC"), ("other", "AAAA"), ("new", "DDDD"), ("new", "E"))
        ),
        return_exceptions=True,
    )

    assert answers[0] is True
    assert answers[1] is False
    assert isinstance(answers[2], Clash)
    assert answers[3:] == [True, False]
    assert {document["_id"] async for document in database["facts"].find()} == {"first", "known", "new"}


@pytest.mark.parametrize(
    "damaged",
    [{"n": 2**70}, {"text": "\ud800"}, {"thing": object()}, {1: "x"}, {"a\0b": 1}],
    ids=["a number", "half a character", "an object", "a key that is no text", "a key with a zero"],
)
async def test_a_document_that_mongodb_cannot_hold_is_one_error_and_the_others_are_kept(
    database: Database, damaged: dict[Any, Any]
) -> None:
    """The whole group waited for ever: no dead letter, and the reader of a topic stood still."""
    documents: list[dict[Any, Any]] = [{"_id": "one"}, {"_id": "damaged", **damaged}, {"_id": "other"}]

    async with asyncio.timeout(20):
        answers = await asyncio.gather(
            *(insert_once(database["facts"], document) for document in documents), return_exceptions=True
        )

    assert (answers[0], answers[2]) == (True, True)
    assert isinstance(answers[1], Exception)
    assert not isinstance(answers[1], Unavailable)


async def test_while_mongodb_is_away_those_who_wait_learn_it_together() -> None:
    """Each one was tried alone, for half a second: the fortieth form was refused after half a minute."""
    async with connect("mongodb://127.0.0.1:1", "facts") as database, asyncio.timeout(8):
        answers = await asyncio.gather(
            *(insert_once(database["facts"], {"_id": str(number)}) for number in range(40)), return_exceptions=True
        )

    assert {type(answer) for answer in answers} == {Unavailable}


async def test_whoever_gives_up_waiting_takes_nothing_from_the_others(database: Database) -> None:
    inserts = [asyncio.ensure_future(insert_once(database["facts"], {"_id": str(number)})) for number in range(9)]
    await asyncio.sleep(0)

    inserts[0].cancel()
    inserts[4].cancel()
    kept = await asyncio.gather(*inserts, return_exceptions=True)
    later = await insert_once(database["facts"], {"_id": "later"})

    assert [kept[number] for number in (1, 2, 3, 5, 6, 7, 8)] == [True] * 7
    assert later is True


async def test_nobody_waits_for_ever_when_mongodb_is_away() -> None:
    async with connect("mongodb://127.0.0.1:1", "facts") as database:
        answers = await asyncio.gather(
            *(insert_once(database["facts"], {"_id": str(number)}) for number in range(5)), return_exceptions=True
        )

    assert [type(answer) for answer in answers] == [Unavailable] * 5


def test_each_event_loop_of_a_process_inserts_over_its_own_connection(mongo_uri: str) -> None:
    """Clients of one server are equal: the second command of a program waited on the closed loop of the first."""

    async def insert(name: str) -> bool:
        async with connect(mongo_uri, "two-loops") as database:
            await database["facts"].delete_many({"_id": name})
            return await insert_once(database["facts"], {"_id": name})

    assert [asyncio.run(insert(name)) for name in ("first", "second")] == [True, True]


async def test_what_comes_within_the_pause_goes_with_the_next_command(database: Database) -> None:
    await insert_once(database["facts"], {"_id": "first"}, pause_s=2)
    before = await commands(database)

    second = asyncio.ensure_future(insert_once(database["facts"], {"_id": "second"}, pause_s=2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    answers = await asyncio.gather(second, insert_once(database["facts"], {"_id": "third"}, pause_s=2))

    assert (*answers,) == (True, True)
    assert await commands(database) - before == 1
