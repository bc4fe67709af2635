"""Staff in MongoDB: sessions, known browsers and failed log-ins."""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from services.dashboard.adapters.audit_chain import KEPT_FOR
from services.dashboard.domain.account import OWNER_KNOWN_FOR, Session
from services.dashboard.domain.lockout import TRIES_COUNT_FOR
from services.dashboard.domain.visitor import Visitor
from services.dashboard.ports.log_in import Failure
from shared.runtime.adapters.mongo import Database, Document, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once

_KEPT_FOR_S: Final = int(KEPT_FOR.total_seconds())
"""Of failed log-ins, as of the audit. For a change see `MongoTries`."""
_USES_COUNT_EVERY: Final = timedelta(minutes=1)


class MongoSessions:
    """`Sessions`. Mongo deletes those that have ended.

    Beside each there is a document that says whose it is (`owner`), and stays for an hour after its end.
    """

    def __init__(self, database: Database) -> None:
        self._sessions = database["sessions"]

    async def prepare(self) -> None:
        """Create the index by which Mongo deletes sessions that have ended."""
        with mongo_errors():
            await self._sessions.create_index({"until": 1}, name="ended", expireAfterSeconds=0)

    async def begin(
        self, digest: str, account: str, at: datetime, until: datetime, *, network: str = "", browser: str = ""
    ) -> None:
        shown = {"network": network, "browser": browser}
        await insert_once(self._sessions, {"_id": digest, "account": account, "at": at, "until": until} | shown)
        await insert_once(self._sessions, {"_id": _whose(digest), "owner": account, "until": until + OWNER_KNOWN_FOR})

    async def of(self, account: str, now: datetime, unused_since: datetime) -> Sequence[Session]:
        with mongo_errors():
            found = await self._sessions.find({"account": account, "until": {"$gt": now}}).to_list(None)
        sessions = [
            Session(
                id=session["_id"],
                since=session["at"],
                used_at=session.get("used_at") or session["at"],
                network=session.get("network", ""),
                browser=session.get("browser", ""),
            )
            for session in found
        ]
        used = (session for session in sessions if session.used_at >= unused_since)
        return sorted(used, key=lambda session: session.used_at, reverse=True)

    async def owner(self, digest: str, ended_since: datetime) -> str | None:
        known = {"_id": _whose(digest), "until": {"$gte": ended_since + OWNER_KNOWN_FOR}}
        with mongo_errors():
            found = await self._sessions.find_one(known, {"owner": 1})
        return found["owner"] if found else None

    async def account(self, digest: str, now: datetime, unused_since: datetime, *, is_use: bool = True) -> str | None:
        """Mongo may need a minute to delete a session that has ended. A use is written once a minute, not each time."""
        with mongo_errors():
            session = await self._sessions.find_one({"_id": digest, "until": {"$gt": now}})
            if session is None:
                return None
            # A session without a use was not used since it began.
            used_at: datetime = session.get("used_at") or session["at"]
            if used_at < unused_since:
                return None
            if is_use and now - used_at >= _USES_COUNT_EVERY:
                await self._sessions.update_one({"_id": digest}, {"$max": {"used_at": now}})
        return str(session["account"])

    async def end(self, digest: str, at: datetime, account: str | None = None) -> None:
        with mongo_errors():
            await self._sessions.delete_one({"_id": digest} | ({"account": account} if account else {}))
            whose = {"_id": _whose(digest)} | ({"owner": account} if account else {})
            await self._sessions.update_one(whose, {"$min": {"until": at + OWNER_KNOWN_FOR}})

    async def end_all(self, account: str, at: datetime) -> None:
        with mongo_errors():
            await self._sessions.delete_many({"account": account})
            await self._sessions.update_many({"owner": account}, {"$min": {"until": at + OWNER_KNOWN_FOR}})


def _whose(digest: str) -> str:
    return f"whose:{digest}"


class MongoDevices:
    """`Devices`. Mongo deletes those that have ended."""

    def __init__(self, database: Database) -> None:
        self._devices = database["devices"]

    async def prepare(self) -> None:
        """Create the index by which Mongo deletes browsers that have not been seen for long."""
        with mongo_errors():
            await self._devices.create_index({"until": 1}, name="ended", expireAfterSeconds=0)

    async def accounts(self, digest: str, now: datetime) -> frozenset[str]:
        with mongo_errors():
            device = await self._devices.find_one({"_id": digest, "until": {"$gt": now}})
        return frozenset(device["accounts"]) if device else frozenset()

    async def remember(self, digest: str, account: str, until: datetime) -> None:
        with mongo_errors():
            await self._devices.update_one(
                {"_id": digest}, {"$addToSet": {"accounts": account}, "$set": {"until": until}}, upsert=True
            )

    async def forget(self, account: str) -> None:
        with mongo_errors():
            await self._devices.update_many({"accounts": account}, {"$pull": {"accounts": account}})


class MongoTries:
    """`Tries`. Counters are stored as digests: a password typed into the name field must not be readable here."""

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

    async def count(self, counter: str, at: datetime, since: datetime) -> tuple[str, tuple[datetime, ...]]:
        this, digest = str(uuid.uuid4()), _digest(counter)
        await insert_once(self._tries, {"_id": this, "account": digest, "at": at})
        others = {"account": digest, "at": {"$gt": since}, "_id": {"$ne": this}}
        with mongo_errors():
            moments = [document["at"] async for document in self._tries.find(others, {"at": 1})]
        return this, tuple(moments)

    async def uncount(self, try_id: str) -> None:
        with mongo_errors():
            await self._tries.delete_one({"_id": try_id})

    async def clear(self, counter: str) -> None:
        with mongo_errors():
            await self._tries.delete_many({"account": _digest(counter)})


class MongoFailedLogIns:
    """`FailedLogIns`: one document for each hour, account and network, and one for the hour in all."""

    def __init__(self, database: Database) -> None:
        self._failed = database["failed_log_ins"]

    async def prepare(self) -> None:
        """Create the index by which Mongo deletes old hours."""
        with mongo_errors():
            await self._failed.create_index({"hour": 1}, name="old", expireAfterSeconds=_KEPT_FOR_S)

    async def add(self, failure: Failure, at: datetime, account: str | None, visitor: Visitor) -> int:
        hour = at.replace(minute=0, second=0, microsecond=0)
        about = {"hour": hour, "failure": failure, "account": account, "network": visitor.shown_as}
        key = "|".join([hour.isoformat(), failure, account or "-", visitor.shown_as, visitor.agent])
        await self._increment(key, {**about, "agent": visitor.agent}, at)
        return await self._increment(hour.isoformat(), {"hour": hour}, at)

    async def _increment(self, key: str, about: Document, at: datetime) -> int:
        with mongo_errors():
            document = await self._failed.find_one_and_update(
                {"_id": key},
                {"$inc": {"count": 1}, "$set": {**about, "last_at": at}},
                upsert=True,
                return_document=True,
            )
        return int(document["count"])


def _digest(counter: str) -> str:
    return hashlib.sha256(counter.encode()).hexdigest()
