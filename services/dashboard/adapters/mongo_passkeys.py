"""Passkeys in MongoDB, in the documents of their accounts; and challenges, each for one answer."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from bson.binary import Binary

from services.dashboard.domain.passkey import Passkey
from shared.runtime.adapters.mongo import Database, Document, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once


class MongoPasskeys:
    """`Passkeys`."""

    def __init__(self, database: Database) -> None:
        self._accounts = database["accounts"]
        self._challenges = database["challenges"]

    async def prepare(self) -> None:
        """Create the indexes that find a key, and by which Mongo deletes challenges that nobody answered."""
        with mongo_errors():
            await self._accounts.create_index({"passkeys.id": 1}, name="by_passkey", unique=True, sparse=True)
            await self._challenges.create_index({"until": 1}, name="ended", expireAfterSeconds=0)

    async def challenge(self, challenge: bytes, account: str, until: datetime) -> None:
        await insert_once(self._challenges, {"_id": _digest(challenge), "account": account, "until": until})

    async def answered(self, challenge: bytes, account: str, now: datetime) -> bool:
        asked = {"_id": _digest(challenge), "account": account, "until": {"$gt": now}}
        with mongo_errors():
            return await self._challenges.find_one_and_delete(asked) is not None

    async def add(self, account: str, key: Passkey) -> None:
        stored = {"id": key.id, "public_key": Binary(key.public_key), "uses": key.uses}
        with mongo_errors():
            await self._accounts.update_one(
                {"_id": account}, {"$push": {"passkeys": stored | {"name": key.name, "at": key.since}}}
            )

    async def of(self, account: str) -> Sequence[Passkey]:
        with mongo_errors():
            found = await self._accounts.find_one({"_id": account}, {"passkeys": 1})
        return [_passkey(stored) for stored in (found or {}).get("passkeys", ())]

    async def find(self, key_id: str) -> tuple[str, Passkey] | None:
        with mongo_errors():
            found = await self._accounts.find_one({"passkeys.id": key_id}, {"passkeys.$": 1})
        return (found["_id"], _passkey(found["passkeys"][0])) if found else None

    async def used(self, key_id: str, uses: int) -> None:
        with mongo_errors():
            await self._accounts.update_one({"passkeys.id": key_id}, {"$max": {"passkeys.$.uses": uses}})

    async def remove(self, account: str, key_id: str | None = None) -> None:
        change: Document = {"$pull": {"passkeys": {"id": key_id}}} if key_id else {"$unset": {"passkeys": ""}}
        with mongo_errors():
            await self._accounts.update_one({"_id": account}, change)


def _passkey(stored: Document) -> Passkey:
    public_key = bytes(stored["public_key"])
    return Passkey(id=stored["id"], public_key=public_key, uses=stored["uses"], name=stored["name"], since=stored["at"])


def _digest(challenge: bytes) -> str:
    return sha256(challenge).hexdigest()
