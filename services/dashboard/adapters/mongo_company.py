"""Log-ins with the company's accounts in MongoDB: browsers at the provider, and which account is whose."""

import hashlib
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from services.dashboard.ports.company import Identity
from shared.runtime.adapters.mongo import Database, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once


class MongoCompanyLogIns:
    """`CompanyLogIns`. Mongo deletes those that never came back."""

    def __init__(self, database: Database) -> None:
        self._log_ins = database["company_log_ins"]

    async def prepare(self) -> None:
        """Create the index by which Mongo deletes them."""
        with mongo_errors():
            await self._log_ins.create_index({"until": 1}, name="ended", expireAfterSeconds=0)

    async def begin(self, state: str, browser: str, page: str, until: datetime) -> None:
        await insert_once(self._log_ins, {"_id": state, "browser": browser, "page": page, "until": until})

    async def take(self, state: str, browser: str, now: datetime) -> str | None:
        with mongo_errors():
            found = await self._log_ins.find_one_and_delete({"_id": state, "browser": browser, "until": {"$gt": now}})
        return str(found["page"]) if found else None


class MongoIdentities:
    """`Identities`, as digests in the documents of the accounts themselves: they go when those go."""

    def __init__(self, database: Database) -> None:
        self._accounts = database["accounts"]

    async def prepare(self) -> None:
        """Create the index by which one subject has one account."""
        with mongo_errors():
            await self._accounts.create_index("identity", name="identity", unique=True, sparse=True)

    async def owner(self, identity: Identity) -> str | None:
        with mongo_errors():
            found = await self._accounts.find_one({"identity": _digest(identity)}, {"_id": 1})
        return str(found["_id"]) if found else None

    async def link(self, account: str, identity: Identity) -> bool:
        unlinked = {"_id": account, "identity": {"$exists": False}}
        try:
            with mongo_errors():
                result = await self._accounts.update_one(unlinked, {"$set": {"identity": _digest(identity)}})
        except DuplicateKeyError:
            return False
        return bool(result.matched_count)

    async def unlink(self, account: str) -> None:
        with mongo_errors():
            await self._accounts.update_one({"_id": account}, {"$unset": {"identity": ""}})


def _digest(identity: Identity) -> str:
    return hashlib.sha256(f"{identity.issuer}\0{identity.subject}".encode()).hexdigest()
