"""The saved views of staff in MongoDB, one document each. What they search for may be a customer: it is sealed."""

from collections.abc import Sequence

from services.dashboard.adapters.desk_box import DeskBox
from services.dashboard.domain.saved_view import SavedView
from shared.errors import Invalid
from shared.runtime.adapters.mongo import Database, Document, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once


class MongoSavedViews:
    """`SavedViews`. One that cannot be opened any more is not there."""

    def __init__(self, database: Database, box: DeskBox) -> None:
        self._views = database["saved_views"]
        self._box = box

    async def prepare(self) -> None:
        """Seal those from before they were sealed."""
        with mongo_errors():
            for one in await self._views.find({"box": None}).to_list(None):
                sealed = self._sealed(SavedView(id=one.pop("_id"), **one))
                await self._views.replace_one({"_id": sealed["_id"]}, sealed)

    async def add(self, view: SavedView) -> None:
        await insert_once(self._views, self._sealed(view))

    async def of(self, account: str) -> Sequence[SavedView]:
        with mongo_errors():
            documents = await self._views.find({"$or": [{"owner": account}, {"is_shared": True}]}).to_list(None)
        views = [view for document in documents if (view := self._opened(document))]
        return sorted(views, key=lambda view: (view.name, view.id))

    async def remove(self, view_id: str, account: str, *, also_shared: bool = False) -> None:
        removable: list[Document] = [{"owner": account}, *([{"is_shared": True}] if also_shared else [])]
        with mongo_errors():
            await self._views.delete_one({"_id": view_id, "$or": removable})

    def _sealed(self, view: SavedView) -> Document:
        sealed = self._box.seal({"id": view.id, "name": view.name, "address": view.address})
        return {"_id": view.id, "owner": view.owner, "is_shared": view.is_shared, "box": sealed}

    def _opened(self, document: Document) -> SavedView | None:
        head = {"id": document["_id"], "owner": document["owner"], "is_shared": document["is_shared"]}
        if "box" not in document:  # A process of the version before has just saved it.
            return SavedView(**head, name=document["name"], address=document["address"])
        try:
            content = self._box.open(document["box"])
        except Invalid:
            return None
        if content["id"] != document["_id"]:
            return None
        return SavedView(**head, name=content["name"], address=content["address"])
