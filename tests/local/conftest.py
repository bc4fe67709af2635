"""The ledgers of the four services, for the commands of an operator that read all of them."""

from collections.abc import AsyncIterator

import pytest

from services.registry import SERVICES
from shared.runtime.adapters.mongo import Database, connect


@pytest.fixture
async def ledgers(mongo_uri: str) -> AsyncIterator[dict[str, Database]]:
    """Of the four services, and nothing in them."""
    async with connect(mongo_uri, "mitsumori_intake") as intake:
        databases = {str(one.name): intake.client[one.database] for one in SERVICES}
        await _empty(databases)
        yield databases
        await _empty(databases)


async def _empty(databases: dict[str, Database]) -> None:
    for database in databases.values():
        for name in await database.list_collection_names():
            await database[name].delete_many({})
