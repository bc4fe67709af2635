"""Letters whose time is over: their bytes and addresses are forgotten, before or without their request being erased."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.notify.adapters.mongo_holdings import EMPTIED_LETTER, OF_CUSTOMER, WITH_LINK
from shared.runtime.adapters.mongo import Database, Document, mongo_errors
from shared.runtime.adapters.mongo_dead_letters import count_old
from shared.runtime.dead_letters import Old

QUOTES: Final = ("quote",)
OTHERS: Final = (*(kind for kind in OF_CUSTOMER if kind not in QUOTES), "desk", "desk-late", "desk-undelivered")
WITHOUT_REQUEST: Final = (*WITH_LINK, "invitation", "password-reset", "desk-overdue")


class MongoOldLetters:
    """Of the letters of some kinds, those that were written before a moment and do not wait any more."""

    def __init__(self, database: Database) -> None:
        self._letters = database["letters"]
        self._requests = database["requests"]

    async def count(self, kinds: Sequence[str], before: datetime) -> Old:
        """How many there are, and when the oldest was written. Raises `Unavailable`."""
        return await count_old(self._letters, _about(kinds, before), "created_at")

    async def forget(self, kinds: Sequence[str], before: datetime) -> None:
        """With the parcels that those without a request were written from. Safe to repeat. Raises `Unavailable`."""
        about = _about(kinds, before)
        with mongo_errors():
            if set(kinds) <= set(WITHOUT_REQUEST):
                # First: the letters say which.
                ids = await self._letters.distinct("request_id", about)
                await self._requests.delete_many({"_id": {"$in": ids}})
            await self._letters.update_many(about, EMPTIED_LETTER)


def _about(kinds: Sequence[str], before: datetime) -> Document:
    waits = {"due": {"$exists": False}}
    return {"kind": {"$in": list(kinds)}, "created_at": {"$lt": before}, "recipient": {"$ne": ""}, **waits}
