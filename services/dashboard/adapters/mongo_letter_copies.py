"""Copies of letters in MongoDB: what was asked for and what has come, one insert each, deleted after some days.

They lie beside the facts and not among them: a copy changes nothing of a case, so no summary is made again for one
(docs/adr/0022-letters-as-sent.md).
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import structlog
from pydantic import ValidationError

from services.dashboard.adapters.mongo_decisions import SOURCE
from services.dashboard.domain.letter_copy import KEPT_FOR
from shared.events import LetterCopied, LetterCopyAsked
from shared.runtime.adapters.mongo import Collection, Database, Document, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.outbox import Announce, new_entry, outbox_fields

log = structlog.get_logger(__name__)

_Event = LetterCopyAsked | LetterCopied
_READ: Final = {"event": 1}


class MongoLetterCopies:
    """`LetterCopies` in the collections copy_asks and letter_copies."""

    def __init__(self, database: Database, announce: Announce) -> None:
        self._asks = database["copy_asks"]
        self._copies = database["letter_copies"]
        self._announce = announce

    async def prepare(self) -> None:
        """Create the indexes by which Mongo deletes what has ended, and those of a request."""
        with mongo_errors():
            for collection in (self._asks, self._copies):
                await collection.create_index({"until": 1}, name="ended", expireAfterSeconds=0)
                await collection.create_index({"request_id": 1, "until": 1}, name="of_request")

    async def ask(self, asked: LetterCopyAsked) -> None:
        """Also hands its event to the relay."""
        relay = outbox_fields(asked, document_id=asked.copy_id, source=SOURCE, time=asked.asked_at)
        document = {**_document(asked, asked.asked_at + KEPT_FOR), "relay": relay}
        if await insert_once(self._asks, document):
            self._announce(new_entry("copy_asks", document))

    async def add(self, copied: LetterCopied) -> None:
        await insert_once(self._copies, _document(copied, copied.copied_at + KEPT_FOR))

    async def of(self, request_id: str, now: datetime) -> Mapping[str, _Event]:
        here = {"request_id": request_id, "until": {"$gt": now}}
        asked, copied = await asyncio.gather(
            _found(self._asks, here, LetterCopyAsked), _found(self._copies, here, LetterCopied)
        )
        return {**asked, **copied}


def _document(event: _Event, until: datetime) -> Document:
    event_json = event.model_dump(mode="json", exclude_none=True)
    return {"_id": event.copy_id, "request_id": event.request_id, "until": until, "event": event_json}


async def _found(collection: Collection, query: Document, event: type[_Event]) -> Mapping[str, _Event]:
    """What cannot be read is as good as not there: it can be asked for again, and must not hide the case."""
    found: dict[str, _Event] = {}
    with mongo_errors():
        documents = await collection.find(query, _READ).to_list(None)
    for document in documents:
        try:
            one = event.model_validate(document.get("event"))
        except ValidationError:
            log.error("copy not shown", document_id=str(document["_id"]))  # noqa: TRY400  # it would quote the document
        else:
            found[one.letter_id] = one
    return found
