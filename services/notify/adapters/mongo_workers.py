"""Which notify processes are alive: one document each, written by that process alone.

It says when to look after a colleague's letters, never whether sending them is safe (mongo_attempts.py decides that).
"""

from datetime import datetime, timedelta
from typing import Final

from services.notify.domain.attempts import TOKEN_LEASE
from shared.runtime.adapters.mongo import Database, mongo_errors

FORGET_AFTER: Final = 2 * TOKEN_LEASE + timedelta(hours=1)
"""Well after the last lease of a silent worker is over, so that "forgotten" can never end one early."""


class MongoWorkers:
    """`Workers`. Mongo itself clears away those who were killed."""

    def __init__(self, database: Database) -> None:
        self._workers = database["workers"]

    async def prepare(self) -> None:
        """Let Mongo forget the dead."""
        with mongo_errors():
            await self._workers.create_index("seen", expireAfterSeconds=FORGET_AFTER // timedelta(seconds=1))

    async def beat(self, worker: str, now: datetime) -> None:
        """Alive *now*."""
        with mongo_errors():
            await self._workers.update_one({"_id": worker}, {"$set": {"seen": now}}, upsert=True)

    async def last_seen(self, worker: str) -> datetime | None:
        """Its last beat, or None when it has no document."""
        with mongo_errors():
            found = await self._workers.find_one({"_id": worker})
        return found["seen"] if found else None

    async def leave(self, worker: str) -> None:
        """No document any more."""
        with mongo_errors():
            await self._workers.delete_one({"_id": worker})
