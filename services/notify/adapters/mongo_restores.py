"""When this ledger was put back in time: what was due before that may have been sent, and nobody remembers it.

`mitsumori restore` writes it, before and after everything else (docs/adr/0032-backups.md).
"""

from datetime import datetime

from shared.runtime.adapters.mongo import Database, mongo_errors


class MongoRestores:
    """One document for each time."""

    def __init__(self, database: Database) -> None:
        self._restores = database["restores"]

    async def add(self, *, backed_up_at: datetime, restored_at: datetime) -> None:
        """Note that the ledger is as it was at *backed_up_at*. Raises `Unavailable`."""
        with mongo_errors():
            await self._restores.insert_one({"backed_up_at": backed_up_at, "restored_at": restored_at})

    async def last(self) -> datetime | None:
        """When it was restored last; None: it never was. Raises `Unavailable`."""
        with mongo_errors():
            found = await self._restores.find_one({}, {"restored_at": 1}, sort=[("restored_at", -1)])
        return None if found is None else found["restored_at"]
