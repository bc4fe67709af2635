"""The saved views of staff in MongoDB, one document each."""

from collections.abc import Sequence

from services.dashboard.domain.saved_view import SavedView
from shared.runtime.adapters.mongo import Database, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once


class MongoSavedViews:
    """`SavedViews`."""

    def __init__(self, database: Database) -> None:
        self._views = database["saved_views"]

    async def add(self, view: SavedView) -> None:
        document = {"name": view.name, "address": view.address, "owner": view.owner, "is_shared": view.is_shared}
        await insert_once(self._views, {"_id": view.id, **document})

    async def of(self, account: str) -> Sequence[SavedView]:
        with mongo_errors():
            cursor = self._views.find({"$or": [{"owner": account}, {"is_shared": True}]})
            documents = await cursor.sort([("name", 1), ("_id", 1)]).to_list(None)
        return [SavedView(id=one.pop("_id"), **one) for one in documents]

    async def remove(self, view_id: str, account: str) -> None:
        with mongo_errors():
            await self._views.delete_one({"_id": view_id, "owner": account})
