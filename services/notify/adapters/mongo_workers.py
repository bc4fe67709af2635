"""Which notify processes are alive: one document each, written by that process alone.

It says when to look after another worker's letters, never whether sending them is safe (mongo_attempts.py does).
"""

from datetime import datetime, timedelta
from typing import Final

from services.notify.domain.attempts import TOKEN_LEASE
from shared.runtime.adapters.mongo import Database, mongo_errors

FORGET_AFTER: Final = 2 * TOKEN_LEASE + timedelta(hours=1)
"""Well after the last lease of a silent worker is over, so that removing its document can never end a lease early.

It is the expiry of a MongoDB index. MongoDB refuses another expiry for an index that exists already: after a change
notify does not start on an existing database until that index is dropped.
"""


class MongoWorkers:
    """`Workers`. MongoDB itself removes those that were killed."""

    def __init__(self, database: Database) -> None:
        self._workers = database["workers"]

    async def prepare(self) -> None:
        """Let MongoDB remove the documents of workers that were killed."""
        with mongo_errors():
            await self._workers.create_index("seen", expireAfterSeconds=FORGET_AFTER // timedelta(seconds=1))

    async def beat(self, worker: str, now: datetime) -> None:
        with mongo_errors():
            await self._workers.update_one({"_id": worker}, {"$set": {"seen": now}}, upsert=True)

    async def last_seen(self, worker: str) -> datetime | None:
        with mongo_errors():
            document = await self._workers.find_one({"_id": worker})
        return document["seen"] if document else None

    async def remove(self, worker: str) -> None:
        with mongo_errors():
            await self._workers.delete_one({"_id": worker})
