"""Who looks at which case, in MongoDB: one small document a page that is open, deleted soon after the page is gone."""

from collections.abc import Sequence
from datetime import datetime

from services.dashboard.ports.live import Look
from shared.runtime.adapters.mongo import Database, mongo_errors, not_waiting


class MongoLooks:
    """`Looks` in the collection presence. An id begins with that of the request: deletions say nothing else."""

    def __init__(self, database: Database) -> None:
        self._presence = not_waiting(database["presence"])

    async def prepare(self) -> None:
        """Create the index by which Mongo deletes what does not count any more, and the one of a request."""
        with mongo_errors():
            await self._presence.create_index({"until": 1}, name="ended", expireAfterSeconds=0)
            await self._presence.create_index({"request_id": 1, "until": 1}, name="of_request")

    async def note(self, look: Look, until: datetime) -> None:
        here = {"request_id": look.request_id, "account": look.account, "tab": look.tab}
        change = {"$set": {"until": until, "is_typing": look.is_typing}, "$setOnInsert": here}
        with mongo_errors():
            await self._presence.update_one({"_id": "/".join(here.values())}, change, upsert=True)

    async def end(self, request_id: str, account: str, tab: str) -> None:
        with mongo_errors():
            await self._presence.delete_one({"_id": f"{request_id}/{account}/{tab}"})

    async def at(self, request_ids: Sequence[str], now: datetime) -> Sequence[Look]:
        with mongo_errors():
            query = {"request_id": {"$in": list(request_ids)}, "until": {"$gt": now}}
            found = await self._presence.find(query).to_list(None)
        return [
            Look(request_id=one["request_id"], account=one["account"], tab=one["tab"], is_typing=bool(one["is_typing"]))
            for one in found
        ]
