"""What notify has learnt of addresses: one insert for each report and each correction, deleted in time."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from services.notify.domain.dead_address import KEPT_FOR, AddressHashes
from shared.runtime.adapters.mongo import Database, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.waiting import Lately

_KNOWN_FOR_S: Final = 1.0
"""As long is an address that was not dead not looked up again: a form brings it two letters within a second."""


class MongoDeadAddresses:
    """`DeadAddresses` in the collection dead_addresses. No address is in it, only hashes."""

    def __init__(self, database: Database, hashes: AddressHashes, now_s: Callable[[], float] = time.monotonic) -> None:
        self._known = database["dead_addresses"]
        self._hashes = hashes
        self._not_dead = Lately(_KNOWN_FOR_S, now_s)

    async def prepare(self) -> None:
        """Create the index for lookups, and the one by which Mongo deletes what has ended."""
        with mongo_errors():
            await self._known.create_index([("hash", 1), ("at", -1)])
            await self._known.create_index({"until": 1}, name="ended", expireAfterSeconds=0)

    async def add(self, said_by: str, address: str, at: datetime, *, is_dead: bool) -> None:
        hashed = self._hashes.newest(address)
        document = {"_id": said_by, "hash": hashed, "at": at, "is_dead": is_dead}
        await insert_once(self._known, {**document, "until": at + KEPT_FOR})
        self._not_dead.forget(hashed)

    async def is_dead(self, address: str) -> bool:
        """What another process has kept within the last second may be missing."""
        hashed = self._hashes.newest(address)
        if hashed in self._not_dead:
            return False
        about = {"hash": {"$in": list(self._hashes.all(address))}}
        with mongo_errors():
            latest = await self._known.find_one(about, {"is_dead": 1}, sort=[("at", -1)])
        if latest is not None and latest["is_dead"]:
            return True
        self._not_dead.note(hashed)
        return False
