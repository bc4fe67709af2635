"""Staff in MongoDB: accounts, sessions, failed log-ins and the audit."""

import hashlib
import uuid
from datetime import datetime
from typing import Final

from services.dashboard.domain.lockout import TRIES_COUNT_FOR
from services.dashboard.ports import Act
from shared.runtime.adapters.mongo import Database, insert_once, mongo_errors


class MongoAccounts:
    """`Accounts`: a name and an Argon2 hash each."""

    def __init__(self, database: Database) -> None:
        self._accounts = database["accounts"]

    async def add(self, name: str, password_hash: str, at: datetime) -> bool:
        return await insert_once(self._accounts, {"_id": name, "password_hash": password_hash, "at": at})

    async def set_password(self, name: str, password_hash: str, at: datetime) -> None:
        with mongo_errors():
            await self._accounts.update_one({"_id": name}, {"$set": {"password_hash": password_hash, "at": at}})

    async def password_hash(self, name: str) -> str | None:
        with mongo_errors():
            account = await self._accounts.find_one({"_id": name})
        return account["password_hash"] if account else None


class MongoSessions:
    """`Sessions`. Mongo deletes those that have ended."""

    def __init__(self, database: Database) -> None:
        self._sessions = database["sessions"]

    async def prepare(self) -> None:
        """Create the index by which Mongo deletes sessions that have ended."""
        with mongo_errors():
            await self._sessions.create_index({"until": 1}, name="ended", expireAfterSeconds=0)

    async def begin(self, digest: str, account: str, at: datetime, until: datetime) -> None:
        await insert_once(self._sessions, {"_id": digest, "account": account, "at": at, "until": until})

    async def account(self, digest: str, now: datetime) -> str | None:
        """Mongo may need a minute to delete a session that has ended."""
        with mongo_errors():
            session = await self._sessions.find_one({"_id": digest, "until": {"$gt": now}})
        return session["account"] if session else None

    async def end(self, digest: str) -> None:
        with mongo_errors():
            await self._sessions.delete_one({"_id": digest})

    async def end_all(self, account: str) -> None:
        with mongo_errors():
            await self._sessions.delete_many({"account": account})


class MongoTries:
    """`Tries`. Accounts are stored as digests: a password typed into the name field must not be readable here."""

    # MongoDB refuses to create an index that exists with another time, and the dashboard would not start.
    # To change the time of a database in use, first drop the index `old` of `tries`.
    _DELETED_AFTER_S: Final = int(TRIES_COUNT_FOR.total_seconds())

    def __init__(self, database: Database) -> None:
        self._tries = database["tries"]

    async def prepare(self) -> None:
        """Create the index by which Mongo deletes old tries, and the one that finds an account's."""
        with mongo_errors():
            await self._tries.create_index({"at": 1}, name="old", expireAfterSeconds=self._DELETED_AFTER_S)
            await self._tries.create_index({"account": 1, "at": 1}, name="of_account")

    async def count(self, account: str, at: datetime, since: datetime) -> tuple[str, tuple[datetime, ...]]:
        this, digest = str(uuid.uuid4()), _digest(account)
        await insert_once(self._tries, {"_id": this, "account": digest, "at": at})
        others = {"account": digest, "at": {"$gt": since}, "_id": {"$ne": this}}
        with mongo_errors():
            moments = [document["at"] async for document in self._tries.find(others, {"at": 1})]
        return this, tuple(moments)

    async def uncount(self, try_id: str) -> None:
        with mongo_errors():
            await self._tries.delete_one({"_id": try_id})

    async def clear(self, account: str) -> None:
        with mongo_errors():
            await self._tries.delete_many({"account": _digest(account)})


class MongoAudit:
    """`Audit`: one document an act, never changed."""

    def __init__(self, database: Database) -> None:
        self._acts = database["audit"]

    async def prepare(self) -> None:
        """Create the index that finds who opened a case."""
        with mongo_errors():
            await self._acts.create_index({"request_id": 1, "at": 1}, name="of_request")

    async def record(self, act: Act, at: datetime, account: str | None, request_id: str | None = None) -> None:
        document = {"_id": str(uuid.uuid4()), "act": act, "at": at, "account": account, "request_id": request_id}
        await insert_once(self._acts, document)


def _digest(account: str) -> str:
    return hashlib.sha256(account.encode()).hexdigest()
