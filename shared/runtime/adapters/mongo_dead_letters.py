"""Dead letters in MongoDB."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final

from shared.events import RequestErased
from shared.runtime.adapters.mongo import Collection, Database, Document, mongo_errors, tolerant
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.dead_letters import DeadLetter, End, Old
from shared.runtime.known import NOT_UNDERSTOOD

_SET_ASIDE: Final[Document] = {"end": None}
"""Those of the versions before have no such field: nobody has ended them."""
_OPEN: Final[Document] = {**_SET_ASIDE, "waits_for": None}
"""They wait for a person, and for no key."""
_WAITING: Final[Document] = {"waits_for": {"$exists": True}}
_ASKED: Final[Document] = {"retry_by": {"$exists": True}}
_POISON: Final[Document] = {"class": "poison"}
_NOTHING_TO_WAIT_FOR: Final[Document] = {"waits_for": "", "until": "", "retry_by": ""}
_EMPTIED: Final[Document] = {"$set": {"body": None, "headers": []}}
ERASURE: Final = "erasure"
"""Who has ended those of a request that was erased."""


class MongoDeadLetters:
    """Records that were set aside, unchanged, one document each: implements `DeadLetters` and `Again`.

    None is ever deleted: one that has ended says how, when and by whom. Of a request that is erased, no bytes are kept.
    *knows*: the word for what this process understands (known.py).
    """

    def __init__(self, database: Database, knows: str = "") -> None:
        self._knows = knows
        self._letters = database.get_collection("dead_letters", codec_options=tolerant(database))
        self._erased = database["erased"]

    async def prepare(self) -> None:
        """Indexes of those that wait, so that looking for them costs nothing while there are none."""
        with mongo_errors():
            for field, some in (("waits_for", _WAITING), ("retry_by", _ASKED)):
                await self._letters.create_index({field: 1}, name=field, partialFilterExpression=some)
            open_by_reason = {"reason": 1, "end": 1}
            await self._letters.create_index(open_by_reason, name="poison", partialFilterExpression=_POISON)

    async def add(self, letter: Document) -> bool:
        """False when this same record is a dead letter already."""
        is_new = await insert_once(self._letters, {**letter, "tried_with": [self._knows]})
        # After the insert: an erasure that came before it has not seen it, and one that comes later will.
        with mongo_errors():
            erased = await self._erased.find_one({"_id": {"$in": _names(letter)}})
        # The erasure itself, where a bug of ours keeps it from being obeyed, is what a person must see.
        if erased and not _is_erasure(letter):
            await self.erase(erased["_id"], letter["first_seen"])
        return is_new

    async def count_about(self, request_id: str) -> int:
        """How many have bytes of a record about this request."""
        with mongo_errors():
            return await self._letters.count_documents({**_about(request_id), "body": {"$ne": None}})

    async def erase(self, request_id: str, at: datetime) -> None:
        """Keep no bytes of records about this request. Nobody needs to work on them any more."""
        ended = {"end": "discarded", "ended_at": at, "ended_by": ERASURE, "end_reason": "request-erased"}
        with mongo_errors():
            await self._letters.update_many(_about(request_id), _EMPTIED)
            await self._letters.update_many(
                {**_about(request_id), **_SET_ASIDE}, {"$set": ended, "$unset": _NOTHING_TO_WAIT_FOR}
            )

    async def count_ended(self, before: datetime) -> Old:
        """Those that ended before that moment and still have the bytes of their record."""
        return await count_old(self._letters, _ended(before), "ended_at")

    async def empty_ended(self, before: datetime) -> None:
        """Keep no bytes of them: nobody works on them again. Safe to repeat."""
        with mongo_errors():
            await self._letters.update_many(_ended(before), _EMPTIED)

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
        return await self._oldest(_OPEN, limit)

    async def find(self, letter_id: str) -> DeadLetter | None:
        """Also one that waits for a key. None: there is none, or somebody has ended it."""
        with mongo_errors():
            document = await self._letters.find_one({"_id": letter_id, **_SET_ASIDE})
        return _letter(document) if document else None

    async def end(self, letter_id: str, end: End, *, at: datetime, by: str, reason: str = "") -> bool:
        """Note what became of it. False: somebody was faster."""
        ended = {"end": end, "ended_at": at, "ended_by": by, "end_reason": reason}
        with mongo_errors():
            result = await self._letters.update_one(
                {"_id": letter_id, **_SET_ASIDE}, {"$set": ended, "$unset": _NOTHING_TO_WAIT_FOR}
            )
        return bool(result.modified_count)

    async def every(self) -> AsyncIterator[DeadLetter]:
        """Each that nobody has ended, the oldest first, also those that wait for a key."""
        with mongo_errors():
            async for document in self._letters.find(_SET_ASIDE).sort([("first_seen", 1), ("_id", 1)]):
                yield _letter(document)

    async def became_of(self, letter_id: str) -> tuple[End | None, str | None]:
        """How it ended; or why working on it again has failed, if it has since the last `ask`."""
        with mongo_errors():
            found = await self._letters.find_one({"_id": letter_id}, {"end": 1, "refused": 1}) or {}
        return found.get("end"), found.get("refused")

    async def missing_keys(self) -> Sequence[str]:
        """The ids of the keys that records wait for."""
        with mongo_errors():
            return sorted(map(str, await self._letters.distinct("waits_for", _WAITING)))

    async def waiting_for(self, key: str, limit: int) -> Sequence[DeadLetter]:
        """At most *limit* of those that wait for this key, the oldest first."""
        return await self._oldest({"waits_for": key}, limit)

    async def count_waiting(self) -> int:
        """How many wait for a key."""
        with mongo_errors():
            return await self._letters.count_documents(_WAITING, hint="waits_for")

    async def wait_for(self, letter_id: str, key: str, until: datetime) -> None:
        """Note that working on it again has shown that it needs this key."""
        waits = {"waits_for": key, "until": until, "refused": "unknown-key", "reason": "unknown-key"}
        with mongo_errors():
            await self._letters.update_one(
                {"_id": letter_id, **_SET_ASIDE}, {"$set": waits, "$unset": {"retry_by": ""}}
            )

    async def give_up_waiting(self, now: datetime) -> int:
        """Those that have waited for long enough are dead letters. Returns how many."""
        with mongo_errors():
            result = await self._letters.update_many(
                {**_WAITING, "until": {"$lte": now}}, {"$unset": {"waits_for": "", "until": ""}}
            )
        return int(result.modified_count)

    async def ask(self, letter_id: str, by: str) -> bool:
        """Have its service work on it again, for *by*. False: it has ended."""
        with mongo_errors():
            result = await self._letters.update_one(
                {"_id": letter_id, **_SET_ASIDE}, {"$set": {"retry_by": by}, "$unset": {"refused": ""}}
            )
        return bool(result.matched_count)

    async def ask_for_known(self, by: str) -> None:
        """Ask for those, as *by*, that were not understood by others, and that this process has not tried."""
        not_tried = {"retry_by": None, "tried_with": {"$ne": self._knows}}
        which = {**_POISON, "reason": {"$in": NOT_UNDERSTOOD}, **_SET_ASIDE, **not_tried}
        with mongo_errors():
            await self._letters.update_many(which, {"$set": {"retry_by": by}})

    async def asked(self, limit: int) -> Sequence[tuple[DeadLetter, str]]:
        """At most *limit* of those that somebody has asked for, with who it was."""
        with mongo_errors():
            documents = await self._letters.find({**_ASKED, **_SET_ASIDE}, limit=limit).to_list(None)
        return [(_letter(document), str(document["retry_by"])) for document in documents]

    async def refuse(self, letter_id: str, reason: str) -> None:
        """Note that working on it again has failed: it waits for a person, also if it waited for a key."""
        with mongo_errors():
            await self._letters.update_one(
                {"_id": letter_id, **_SET_ASIDE},
                {
                    "$set": {"refused": reason, "reason": reason},
                    "$unset": _NOTHING_TO_WAIT_FOR,
                    # Here and not when it was asked for: a process of the version before may have been faster.
                    "$addToSet": {"tried_with": self._knows},
                },
            )

    async def _oldest(self, which: Document, limit: int) -> Sequence[DeadLetter]:
        with mongo_errors():
            cursor = self._letters.find(which, limit=limit).sort([("first_seen", 1), ("_id", 1)])
            return [_letter(document) for document in await cursor.to_list(None)]


async def count_old(collection: Collection, about: Document, since: str) -> Old:
    """How many documents *about* finds, and the earliest moment in their field *since*. Raises `Unavailable`."""
    with mongo_errors():
        count = await collection.count_documents(about)
        oldest = await collection.find_one(about, {since: 1}, sort=[(since, 1)])
    return Old(count, oldest[since] if oldest else None)


def _about(request_id: str) -> Document:
    """Of a record without readable headers only its key says what it is about."""
    return {"$or": [{"subject": request_id}, {"key": request_id.encode()}]}


def _ended(before: datetime) -> Document:
    return {"ended_at": {"$lt": before}, "body": {"$ne": None}}


def _names(letter: Document) -> list[str]:
    """The request that a record says it is about, by its header and by its key."""
    key = letter.get("key") or b""
    return [str(letter.get("subject") or ""), key.decode(errors="replace")]


def _is_erasure(letter: Document) -> bool:
    return ["ce_type", RequestErased.type.encode()] in letter["headers"]


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
        waits_for=document.get("waits_for"),
    )
