"""The accounts of staff in MongoDB, one document each, and the links that give them a password.

Of a removed account a document stays that has its name only, so that nobody else is ever given it.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final
from uuid import uuid4

from pymongo import timeout
from pymongo.errors import DuplicateKeyError

from services.dashboard.domain.account import Account
from services.dashboard.domain.roles import FORMER_ROLE, Role, role_of
from services.dashboard.ports.staff import Rule, no_rule
from shared.errors import Unavailable
from shared.runtime.adapters.mongo import Database, Document, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once

_LOCK: Final = "accounts"
_LOCKED_FOR_MS: Final = 10_000
_RETRY_S: Final = 0.05
_MOST_TRIES: Final = 240
_SHOWN = ("at", "role", "disabled_at", "logged_in_at", "temporary")


class MongoAccounts:
    """`Accounts`: a name, an Argon2 hash and a role each. Accounts from before there were roles have none."""

    def __init__(self, database: Database) -> None:
        self._accounts = database["accounts"]
        self._locks = database["read_models"]

    async def add(
        self, name: str, password_hash: str | None, at: datetime, role: Role = FORMER_ROLE, *, temporary: bool = False
    ) -> bool:
        account: Document = {"_id": name, "password_hash": password_hash, "at": at, "role": role}
        return await insert_once(self._accounts, account | {"temporary": temporary})

    async def is_free(self, name: str) -> bool:
        with mongo_errors():
            return await self._accounts.find_one({"_id": name}, {"_id": 1}) is None

    async def set_password(self, name: str, password_hash: str, *, temporary: bool = False) -> None:
        await self._change(name, {"$set": {"password_hash": password_hash, "temporary": temporary}})

    async def set_role(self, name: str, role: Role, rule: Rule = no_rule) -> None:
        await self._change_by_rule({"_id": name, "removed_at": None}, {"$set": {"role": role}}, rule)

    async def note_log_in(self, name: str, at: datetime) -> None:
        await self._change(name, {"$max": {"logged_in_at": at}})

    async def password_hash(self, name: str) -> str | None:
        with mongo_errors():
            account = await self._accounts.find_one({"_id": name, "disabled_at": None}, {"password_hash": 1})
        return account["password_hash"] if account else None

    async def find(self, name: str) -> Account | None:
        found = await self._read({"_id": name})
        return found[0] if found else None

    async def all(self) -> Sequence[Account]:
        return await self._read({})

    async def disable(self, name: str, at: datetime, rule: Rule = no_rule) -> None:
        await self._change_by_rule({"_id": name, "disabled_at": None}, {"$set": {"disabled_at": at}}, rule)

    async def enable(self, name: str) -> None:
        await self._change(name, {"$unset": {"disabled_at": ""}})

    async def remove(self, name: str, at: datetime) -> None:
        # A process of the version before takes it for a disabled account.
        nothing_but_its_name = {"at": at, "password_hash": None, "disabled_at": at, "removed_at": at}
        with mongo_errors():
            await self._accounts.replace_one({"_id": name}, nothing_but_its_name)

    async def _change(self, name: str, change: Document) -> None:
        with mongo_errors():
            await self._accounts.update_one({"_id": name, "removed_at": None}, change)

    async def _change_by_rule(self, which: Document, change: Document, rule: Rule) -> None:
        """One at a time, in whatever process: one document is the lock. No transactions: docs/adr/0006-motor.md."""
        async with self._locked():
            # Far sooner over than the lock: what takes longer is not done.
            with mongo_errors(), timeout(_LOCKED_FOR_MS / 1_000 / 2):
                rule(await self._read({}))
                await self._accounts.update_one(which, change)

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[None]:
        """By the clock of the database. A process that dies keeps the others waiting for seconds only."""
        token = str(uuid4())
        left_over = {"_id": _LOCK, "$expr": {"$lte": ["$until", "$$NOW"]}}
        take = [{"$set": {"until": {"$add": ["$$NOW", _LOCKED_FOR_MS]}}}]
        for _ in range(_MOST_TRIES):
            try:
                with mongo_errors():
                    await self._locks.delete_one(left_over)
                    await self._locks.update_one({"_id": _LOCK, "by": token}, take, upsert=True)
            except DuplicateKeyError:
                await asyncio.sleep(_RETRY_S)
            else:
                break
        else:
            raise Unavailable("mongo")
        try:
            yield
        finally:
            with mongo_errors():
                await self._locks.delete_one({"_id": _LOCK, "by": token})

    async def _read(self, query: Document) -> list[Account]:
        shown: Document = dict.fromkeys(_SHOWN, 1) | {
            "has_password": {"$ne": ["$password_hash", None]},
            "has_two_step": {"$gt": ["$two_step", None]},
            "has_company_account": {"$gt": ["$identity", None]},
        }
        with mongo_errors():
            documents = await self._accounts.find(query | {"removed_at": None}, shown).sort("_id", 1).to_list(None)
        return [_account(document) for document in documents]


def _account(document: Document) -> Account:
    return Account(
        name=document["_id"],
        since=document["at"],
        role=role_of(document.get("role")),
        disabled_at=document.get("disabled_at"),
        logged_in_at=document.get("logged_in_at"),
        has_password=document["has_password"],
        has_two_step=document["has_two_step"],
        has_company_account=document["has_company_account"],
        must_change_password=document.get("temporary", False),
    )


class MongoInvitations:
    """`Invitations`. Mongo deletes those that have ended."""

    def __init__(self, database: Database) -> None:
        self._invitations = database["invitations"]

    async def prepare(self) -> None:
        """Create the index by which Mongo deletes links that have ended."""
        with mongo_errors():
            await self._invitations.create_index({"until": 1}, name="ended", expireAfterSeconds=0)

    async def add(self, digest: str, account: str, until: datetime, *, is_invitation: bool = False) -> None:
        await self.withdraw(account)
        link: Document = {"_id": digest, "account": account, "until": until, "is_invitation": is_invitation}
        await insert_once(self._invitations, link)

    async def invited(self, account: str, now: datetime) -> bool:
        by_admin = {"account": account, "is_invitation": True, "until": {"$gt": now}}
        with mongo_errors():
            return await self._invitations.find_one(by_admin, {"_id": 1}) is not None

    async def account(self, digest: str, now: datetime) -> str | None:
        with mongo_errors():
            found = await self._invitations.find_one({"_id": digest, "until": {"$gt": now}})
        return found["account"] if found else None

    async def take(self, digest: str, now: datetime) -> str | None:
        with mongo_errors():
            found = await self._invitations.find_one_and_delete({"_id": digest, "until": {"$gt": now}})
        return found["account"] if found else None

    async def withdraw(self, account: str) -> None:
        with mongo_errors():
            await self._invitations.delete_many({"account": account})
