"""notify's ledger of who wants news: one insert for each opt-in and each opt-out, and nothing is ever changed."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Final

from services.notify.adapters.mongo_attempts import SOURCE
from services.notify.domain.news import NewsChoice
from shared.events import NewsOptedOut
from shared.fields import fields_of
from shared.runtime.adapters.mongo import Database, mongo_errors, not_waiting
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.outbox import Announce, new_entry, outbox_fields

_FIELDS: Final = [field.name for field in fields(NewsChoice) if field.name != "id"]


class MongoNewsChoices:
    """`NewsChoices` in the collection news. No address is in it, only hashes."""

    def __init__(self, database: Database, announce: Announce) -> None:
        self._news = database["news"]
        self._seen_at_once = not_waiting(self._news)
        self._announce = announce

    async def prepare(self) -> None:
        """Create the index for lookups by mailbox."""
        with mongo_errors():
            await self._news.create_index([("mailboxes", 1), ("at", 1)])

    async def add(self, choice: NewsChoice) -> bool:
        """The end of an opt-in is handed to the relay, from which the desk learns of it.

        What a request says is not waited for here: its record is done only when all is kept.
        """
        chosen = fields_of(choice)
        document = {"_id": chosen.pop("id"), **chosen, "mailboxes": [*choice.mailboxes]}
        is_event = choice.how == "link" and choice.request_id
        if is_event:
            event = NewsOptedOut(request_id=choice.request_id, opted_out_at=choice.at)
            document["relay"] = outbox_fields(event, document_id=choice.request_id, source=SOURCE, time=choice.at)
        is_first = await insert_once(self._seen_at_once if choice.how == "form" else self._news, document)
        if is_first and is_event:
            self._announce(new_entry("news", document))
        return is_first

    async def of(self, mailbox: str) -> Sequence[NewsChoice]:
        with mongo_errors():
            cursor = self._seen_at_once.find({"mailboxes": mailbox}, dict.fromkeys(_FIELDS, 1)).sort("at", 1)
            documents = await cursor.to_list(None)
        return [
            NewsChoice(id=document.pop("_id"), **document | {"mailboxes": tuple(document["mailboxes"])})
            for document in documents
        ]
