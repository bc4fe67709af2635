"""What the dashboard's stored data needs no more goes when an operator says so, and nothing else."""

import pytest

from services.dashboard.adapters.migrations import STEPS
from services.dashboard.adapters.mongo_webhooks import MongoDeliveries
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_migrations import MongoMigrations

pytestmark = pytest.mark.anyio


async def test_former_indexes_are_dropped_once_and_the_others_stay(database: Database) -> None:
    """A dashboard of before asks for `figures` by name, so no start may drop it."""
    await MongoDeliveries(database).prepare()
    wanted = set(await database["webhook_deliveries"].index_information())
    await database["webhook_deliveries"].create_index({"state": 1, "subscription": 1, "next_at": 1}, name="due")
    await database["cases"].create_index({"accepted_at": 1}, name="figures")
    migrations = MongoMigrations(database, STEPS, "2.0.0")
    await migrations.bring_forward()
    at_the_start = set(await database["cases"].index_information())

    done = await migrations.finish()

    assert "figures" in at_the_start
    assert [step.number for step in done] == [1]
    assert set(await database["webhook_deliveries"].index_information()) == wanted
    assert set(await database["cases"].index_information()) == {"_id_"}


async def test_dropping_them_can_be_repeated_where_they_are_not(database: Database) -> None:
    """A process that was killed in the middle has dropped one of them."""
    await database["cases"].insert_one({"_id": "a case"})

    for _ in range(2):
        await STEPS[0].run(database)

    assert set(await database["cases"].index_information()) == {"_id_"}
