"""What is written without waiting is there after a crash of MongoDB, once something was waited for."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from local.mongod import Mongod
from shared.runtime.adapters.mongo import Database, all_kept, connect, not_waiting
from shared.runtime.adapters.mongo_inserts import insert_once

pytestmark = pytest.mark.anyio

ROUNDS = 20


async def a_later_write(database: Database) -> None:
    await insert_once(database["letters"], {"_id": "letter"})


@pytest.mark.parametrize("wait", [all_kept, a_later_write])
async def test_what_was_not_waited_for_survives_once_something_was(
    tmp_path: Path, wait: Callable[[Database], Awaitable[None]]
) -> None:
    """Killed at that very moment: MongoDB writes its journal ten times a second by itself."""
    mongod = Mongod(tmp_path)
    mongod.start()
    async with connect(mongod.uri, "ledger") as database:
        for number in range(ROUNDS):
            assert await insert_once(not_waiting(database["facts"]), {"_id": number})
        await wait(database)
        mongod.kill()
    mongod.start()
    try:
        async with connect(mongod.uri, "ledger") as database:
            assert await database["facts"].count_documents({}) == ROUNDS
    finally:
        mongod.kill()


async def test_it_writes_nothing_itself(database: Database) -> None:
    await all_kept(database)

    assert await database.list_collection_names() == []
