"""Dead letters in MongoDB."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from shared.runtime.adapters.mongo import Database, Document, mongo_errors, tolerant
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.dead_letters import DeadLetter, End

_OPEN: Final[Document] = {"end": None}
"""Those of the versions before have no such field: they are open."""


class MongoDeadLetters:
    """Records that can never be processed, unchanged, one document each: implements `DeadLetters`.

    None is ever deleted: one that a person has ended says how, when and by whom.
    """

    def __init__(self, database: Database) -> None:
        self._letters = database.get_collection("dead_letters", codec_options=tolerant(database))

    async def add(self, letter: Document) -> bool:
        """False when this same record is a dead letter already."""
        return await insert_once(self._letters, letter)

    async def count_open(self) -> int:
        """How many dead letters wait for a person."""
        with mongo_errors():
            return await self._letters.count_documents(_OPEN)

    async def open_by_reason(self) -> Sequence[tuple[str, str, int]]:
        """Topic, reason and number of those that wait, the most first."""
        group: Document = {"_id": {"topic": "$topic", "reason": "$reason"}, "count": {"$sum": 1}}
        with mongo_errors():
            groups = await self._letters.aggregate([{"$match": _OPEN}, {"$group": group}]).to_list(None)
        found = [(str(one["_id"].get("topic")), str(one["_id"].get("reason")), int(one["count"])) for one in groups]
        return sorted(found, key=lambda one: (-one[2], one))

    async def oldest(self, limit: int) -> Sequence[DeadLetter]:
        """At most *limit* of those that wait, the oldest first."""
        with mongo_errors():
            cursor = self._letters.find(_OPEN, limit=limit).sort([("first_seen", 1), ("_id", 1)])
            return [_letter(document) for document in await cursor.to_list(None)]

    async def find(self, letter_id: str) -> DeadLetter | None:
        """None: there is none, or somebody has ended it."""
        with mongo_errors():
            document = await self._letters.find_one({"_id": letter_id, **_OPEN})
        return _letter(document) if document else None

    async def end(self, letter_id: str, end: End, *, at: datetime, by: str, reason: str = "") -> bool:
        """Note what became of it. False: somebody was faster."""
        ended = {"end": end, "ended_at": at, "ended_by": by, "end_reason": reason}
        with mongo_errors():
            result = await self._letters.update_one({"_id": letter_id, **_OPEN}, {"$set": ended})
        return bool(result.modified_count)


def _letter(document: dict[str, Any]) -> DeadLetter:
    headers = tuple((str(name), bytes(value or b"")) for name, value in document["headers"])
    return DeadLetter(
        id=document["_id"],
        topic=document["topic"],
        key=document["key"],
        value=document["body"],
        headers=headers,
        subject=document["subject"],
        kind=document["class"],
        reason=document["reason"],
        first_seen=document["first_seen"],
    )
