"""What notify has learnt of addresses: one insert for each report and each correction, deleted in time."""

from datetime import datetime

from services.notify.domain.dead_address import KEPT_FOR, AddressHashes
from shared.runtime.adapters.mongo import Database, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once


class MongoDeadAddresses:
    """`DeadAddresses` in the collection dead_addresses. No address is in it, only hashes."""

    def __init__(self, database: Database, hashes: AddressHashes) -> None:
        self._known = database["dead_addresses"]
        self._hashes = hashes

    async def prepare(self) -> None:
        """Create the index for lookups, and the one by which Mongo deletes what has ended."""
        with mongo_errors():
            await self._known.create_index([("hash", 1), ("at", -1)])
            await self._known.create_index({"until": 1}, name="ended", expireAfterSeconds=0)

    async def add(self, said_by: str, address: str, at: datetime, *, is_dead: bool) -> None:
        document = {"_id": said_by, "hash": self._hashes.newest(address), "at": at, "is_dead": is_dead}
        await insert_once(self._known, {**document, "until": at + KEPT_FOR})

    async def is_dead(self, address: str) -> bool:
        about = {"hash": {"$in": list(self._hashes.all(address))}}
        with mongo_errors():
            latest = await self._known.find_one(about, {"is_dead": 1}, sort=[("at", -1)])
        return latest is not None and bool(latest["is_dead"])
