"""StaffMails to staff in MongoDB: one document each, which holds its unsent event too."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.dashboard.adapters.mongo_decisions import SOURCE
from shared.events import StaffMail
from shared.runtime.adapters.mongo import Database, Document, mongo_errors
from shared.runtime.adapters.mongo_inserts import Clash, insert_once
from shared.runtime.outbox import Announce, new_entry, outbox_fields

COLLECTION: Final = "staff_mails"


class MongoStaffMails:
    """`StaffMails`. What one is about is in a unique index, so of two that overlap only one is kept, whoever is first.

    Mongo deletes those that are over.
    """

    def __init__(self, database: Database, announce: Announce) -> None:
        self._notices = database[COLLECTION]
        self._announce = announce

    async def prepare(self) -> None:
        """Create the index of what mails are about, and the one by which Mongo deletes those that are over."""
        with mongo_errors():
            await self._notices.create_index(
                "about", name="told_once", unique=True, partialFilterExpression={"about": {"$exists": True}}
            )
            await self._notices.create_index({"until": 1}, name="over", expireAfterSeconds=0)

    async def add(self, mail: StaffMail, at: datetime, *, until: datetime, about: Sequence[str] = ()) -> bool:
        relay = outbox_fields(mail, document_id=mail.request_id, source=SOURCE, time=at)
        document: Document = {"_id": mail.request_id, "at": at, "until": until, "relay": relay}
        try:
            is_new = await insert_once(self._notices, document | ({"about": list(about)} if about else {}))
        except Clash:
            return False
        if is_new:
            self._announce(new_entry(COLLECTION, document))
        return is_new

    async def told(self, about: Sequence[str]) -> frozenset[str]:
        wanted = frozenset(about)
        with mongo_errors():
            found = await self._notices.find({"about": {"$in": list(about)}}, {"about": 1}).to_list(None)
        return frozenset(one for mail in found for one in mail["about"]) & wanted
