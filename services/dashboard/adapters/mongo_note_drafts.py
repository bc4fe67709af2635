"""Unsent texts of staff in MongoDB, sealed: one document a case, account, form and tab, so that none needs a lock."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from services.dashboard.adapters.desk_box import DeskBox
from services.dashboard.ports.live import NoteDraft
from shared.errors import Invalid
from shared.runtime.adapters.mongo import Database, Document, mongo_errors


class MongoNoteDrafts:
    """`NoteDrafts` in the collection note_drafts. A tab whose form was sent is `done`: a late save finds that."""

    def __init__(self, database: Database, box: DeskBox) -> None:
        self._drafts = database["note_drafts"]
        self._box = box

    async def prepare(self) -> None:
        """Create the index by which Mongo deletes what has ended, and the one that finds an account's."""
        with mongo_errors():
            await self._drafts.create_index({"until": 1}, name="ended", expireAfterSeconds=0)
            await self._drafts.create_index({"request_id": 1, "account": 1}, name="of_account")

    async def keep(self, draft: NoteDraft, until: datetime) -> bool:
        head = {"request_id": draft.request_id, "account": draft.account, "form": draft.form}
        sealed = self._box.seal({**head, "text": draft.text})
        saved = {"number": draft.number, "saved_at": draft.saved_at, "until": until, "box": sealed}
        change = {"$set": saved, "$setOnInsert": {**head, "tab": draft.tab, "done": False}}
        # The same number again is the same text, whose first answer was lost on its way.
        older = {"_id": _id(draft), "done": False, "number": {"$lte": draft.number}}
        try:
            with mongo_errors():
                await self._drafts.update_one(older, change, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    async def of(self, request_id: str, account: str, now: datetime) -> Sequence[NoteDraft]:
        query = {"request_id": request_id, "account": account, "done": False, "until": {"$gt": now}}
        with mongo_errors():
            found = await self._drafts.find(query).sort([("saved_at", -1), ("_id", 1)]).to_list(None)
        return [draft for document in found if (draft := self._opened(document))]

    async def drop(self, draft: NoteDraft) -> bool:
        with mongo_errors():
            gone = await self._drafts.delete_one({"_id": _id(draft), "done": False, "number": draft.number})
        return bool(gone.deleted_count)

    async def finish(self, draft: NoteDraft, until: datetime) -> None:
        head = {"request_id": draft.request_id, "account": draft.account, "form": draft.form, "tab": draft.tab}
        change = {"$set": {**head, "done": True, "until": until, "number": draft.number}, "$unset": {"box": ""}}
        up_to = {"_id": _id(draft), "number": {"$lte": draft.number}}
        # Taken: the tab has saved a later text since, which stays.
        with mongo_errors(), suppress(DuplicateKeyError):
            await self._drafts.update_one(up_to, change, upsert=True)

    def _opened(self, document: Document) -> NoteDraft | None:
        try:
            content = self._box.open(document["box"])
        except Invalid:
            return None
        head = {name: document[name] for name in ("request_id", "account", "form")}
        if {name: content[name] for name in head} != head:
            return None
        rest = {name: document[name] for name in ("tab", "number", "saved_at")}
        return NoteDraft(**head, **rest, text=content["text"])


def _id(draft: NoteDraft) -> str:
    return f"{draft.request_id}/{draft.account}/{draft.form}/{draft.tab}"
