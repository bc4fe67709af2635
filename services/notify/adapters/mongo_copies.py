"""Copies of letters on their way to the desk: one insert each, published by the relay, deleted after some days."""

from services.notify.adapters.mongo_attempts import SOURCE
from services.notify.domain.copy import KEPT_FOR
from shared.events import LetterCopied
from shared.runtime.adapters.mongo import Database, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.outbox import Announce, new_entry, outbox_fields


class MongoCopies:
    """`Copies` in the collection copies: each document holds the event that publishes it, sealed for the desk."""

    def __init__(self, database: Database, announce: Announce) -> None:
        self._copies = database["copies"]
        self._announce = announce

    async def prepare(self) -> None:
        """Create the index by which Mongo deletes what has ended, and the one that finds a request's."""
        with mongo_errors():
            await self._copies.create_index({"until": 1}, name="ended", expireAfterSeconds=0)
            await self._copies.create_index("request_id")

    async def add(self, copied: LetterCopied) -> bool:
        """Also hands its event to the relay."""
        relay = outbox_fields(copied, document_id=copied.copy_id, source=SOURCE, time=copied.copied_at)
        about = {"request_id": copied.request_id, "letter_id": copied.letter_id}
        document = {"_id": copied.copy_id, **about, "until": copied.copied_at + KEPT_FOR, "relay": relay}
        is_first = await insert_once(self._copies, document)
        if is_first:
            self._announce(new_entry("copies", document))
        return is_first
