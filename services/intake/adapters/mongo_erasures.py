"""Intake's ledger of erasures: each is one insert, with the event by which every other service obeys it.

It is also how intake itself remembers them. What intake holds on a request is its event with the parcels, and by what
it is recognised when it is sent again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.intake.adapters.mongo import SOURCE
from shared.clock import Clock
from shared.events import RequestErased
from shared.runtime.adapters.mongo import Database, mongo_errors
from shared.runtime.adapters.mongo_erased import COLLECTION, NEVER_PUBLISHED, Holding, MongoHoldings
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.outbox import outbox_fields

_HOLDINGS: Final = (
    Holding(
        "requests",
        lambda request_id: {"_id": request_id, "relay.body": {"$exists": True}},
        {"$set": {"fingerprint": "", "parcels": {}, "relay": NEVER_PUBLISHED}},
    ),
)
_WAITS: Final = {"is_forgotten": False}


def holdings_of(database: Database, now: Clock) -> MongoHoldings:
    """In the database of intake."""
    return MongoHoldings(database, _HOLDINGS, now)


class MongoErasures:
    """`Erasures` in the collection erased. Nobody announces an event to the relay: it looks every two seconds."""

    def __init__(self, database: Database) -> None:
        self._erased = database[COLLECTION]

    async def prepare(self) -> None:
        """Create the index of those that intake itself has not obeyed yet."""
        with mongo_errors():
            await self._erased.create_index({"is_forgotten": 1}, name="waits", partialFilterExpression=_WAITS)

    async def add(self, request_id: str, at: datetime) -> bool:
        """Keep the erasure with its unsent event. False: it was there before, and is published once more.

        A service whose database comes from a backup may have forgotten that it had obeyed.
        """
        event = RequestErased(request_id=request_id, erased_at=at)
        relay = outbox_fields(event, document_id=request_id, source=SOURCE, time=at)
        if await insert_once(self._erased, {"_id": request_id, "erased_at": at, **_WAITS, "relay": relay}):
            return True
        again = {**_WAITS, "relay.state": "pending", "relay.due": at, "relay.time": at}
        with mongo_errors():
            await self._erased.update_one({"_id": request_id, "relay.state": {"$exists": True}}, {"$set": again})
        return False

    async def waiting(self, limit: int) -> Sequence[str]:
        """The ids of at most *limit* requests that intake has not forgotten yet."""
        with mongo_errors():
            found = await self._erased.find(_WAITS, {"_id": 1}, limit=limit).to_list(None)
        return [str(document["_id"]) for document in found]

    async def mark(self, request_id: str) -> None:
        """Note that intake has forgotten it. Safe to repeat."""
        with mongo_errors():
            await self._erased.update_one({"_id": request_id}, {"$set": {"is_forgotten": True}})
