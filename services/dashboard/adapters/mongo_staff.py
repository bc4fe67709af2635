"""Staff in MongoDB: accounts, sessions, failed tries and the audit."""

import hashlib
import uuid
from datetime import datetime
from typing import Final

from services.dashboard.domain.lockout import MEMORY
from services.dashboard.ports import Act
from shared.runtime.adapters.mongo import Database, insert_once, mongo_errors


class MongoAccounts:
    """`Accounts`: a name and an Argon2 hash each."""

    def __init__(self, database: Database) -> None:
        self._accounts = database["accounts"]

    async def add(self, name: str, password_hash: str, at: datetime) -> bool:
        """False: there is an account of this name already."""
        return await insert_once(self._accounts, {"_id": name, "password_hash": password_hash, "at": at})

    async def set_password(self, name: str, password_hash: str, at: datetime) -> None:
        """From now on only this password."""
        with mongo_errors():
            await self._accounts.update_one({"_id": name}, {"$set": {"password_hash": password_hash, "at": at}})

    async def password_hash(self, name: str) -> str | None:
        """None: there is no such account."""
        with mongo_errors():
            found = await self._accounts.find_one({"_id": name})
        return found["password_hash"] if found else None


class MongoSessions:
    """`Sessions`; Mongo clears away those that have ended."""

    def __init__(self, database: Database) -> None:
        self._sessions = database["sessions"]

    async def prepare(self) -> None:
        """Ended sessions go by themselves."""
        with mongo_errors():
            await self._sessions.create_index({"until": 1}, name="ended", expireAfterSeconds=0)

    async def begin(self, digest: str, account: str, at: datetime, until: datetime) -> None:
        """*account* is logged in *until* then."""
        await insert_once(self._sessions, {"_id": digest, "account": account, "at": at, "until": until})

    async def account(self, digest: str, now: datetime) -> str | None:
        """Whose session it is, unless it has ended: Mongo takes its time to clear away."""
        with mongo_errors():
            found = await self._sessions.find_one({"_id": digest, "until": {"$gt": now}})
        return found["account"] if found else None

    async def end(self, digest: str) -> None:
        """Log out."""
        with mongo_errors():
            await self._sessions.delete_one({"_id": digest})

    async def end_all(self, account: str) -> None:
        """Log *account* out everywhere."""
        with mongo_errors():
            await self._sessions.delete_many({"account": account})


class MongoTries:
    """`Tries`. Accounts are kept as digests: a password typed into the name field must not lie here in clear."""

    _CLEARED_AFTER_S: Final = int(MEMORY.total_seconds())

    def __init__(self, database: Database) -> None:
        self._tries = database["tries"]

    async def prepare(self) -> None:
        """Old tries go by themselves."""
        with mongo_errors():
            await self._tries.create_index({"at": 1}, name="old", expireAfterSeconds=self._CLEARED_AFTER_S)
            await self._tries.create_index({"account": 1, "at": 1}, name="of_account")

    async def begin(self, account: str, at: datetime, since: datetime) -> tuple[str, tuple[datetime, ...]]:
        """Count a try before it is judged: its id, and the others *since* then."""
        this, digest = str(uuid.uuid4()), _digest(account)
        await insert_once(self._tries, {"_id": this, "account": digest, "at": at})
        others = {"account": digest, "at": {"$gt": since}, "_id": {"$ne": this}}
        with mongo_errors():
            moments = [document["at"] async for document in self._tries.find(others, {"at": 1})]
        return this, tuple(moments)

    async def withdraw(self, try_id: str) -> None:
        """It was not judged, so it does not count."""
        with mongo_errors():
            await self._tries.delete_one({"_id": try_id})

    async def forgive(self, account: str) -> None:
        """The right password was given."""
        with mongo_errors():
            await self._tries.delete_many({"account": _digest(account)})


class MongoAudit:
    """`Audit`: one document an act, never changed."""

    def __init__(self, database: Database) -> None:
        self._acts = database["audit"]

    async def prepare(self) -> None:
        """Who opened this case is asked by case."""
        with mongo_errors():
            await self._acts.create_index({"request_id": 1, "at": 1}, name="of_request")

    async def note(self, act: Act, at: datetime, account: str | None, request_id: str | None = None) -> None:
        """Keep one act."""
        document = {"_id": str(uuid.uuid4()), "act": act, "at": at, "account": account, "request_id": request_id}
        await insert_once(self._acts, document)


def _digest(account: str) -> str:
    return hashlib.sha256(account.encode()).hexdigest()
