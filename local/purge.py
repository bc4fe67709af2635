"""Forgets what is older than its class is kept: for `mitsumori purge`, which a timer runs every night.

Requests are erased by the same event as those that a customer has erased; letters and dead letters alone are emptied
where they are. What MongoDB deletes by itself (drafts, links, steps, audit) is none of its business.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from local.erase import Eraser
from services.notify.adapters.mongo_old_letters import OTHERS, QUOTES, WITHOUT_REQUEST, MongoOldLetters
from services.registry import SERVICES, service
from shared.clock import Clock
from shared.runtime.adapters.mongo import Database, Document, connect, mongo_errors
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters
from shared.runtime.dead_letters import Old

Class = Literal["requests", "contracts", "quotes", "letters", "links", "dead-letters"]
"""Requests that came to nothing; those that went to the insurer; 見積書 as they were sent; all other letters of
requests; mails with links, also to staff; dead letters that somebody has ended."""
FOR_GOOD: Final = 0
DAYS: Final[Mapping[Class, int]] = {
    "requests": 730,
    "contracts": FOR_GOOD,
    "quotes": 730,
    "letters": 365,
    "links": 30,
    "dead-letters": 90,
}
"""How long each class is kept, unless somebody decides otherwise."""
SETTINGS: Final[Mapping[Class, str]] = {
    "requests": "MITSUMORI_KEEP_REQUESTS_DAYS",
    "contracts": "MITSUMORI_KEEP_CONTRACTS_DAYS",
    "quotes": "MITSUMORI_KEEP_QUOTES_DAYS",
    "letters": "MITSUMORI_KEEP_LETTERS_DAYS",
    "links": "MITSUMORI_KEEP_LINKS_DAYS",
    "dead-letters": "MITSUMORI_KEEP_DEAD_LETTERS_DAYS",
}
"""The variables that say it."""
SHORTEST: Final = 15
"""A day longer than the topics: what is read again after that would be written again."""
_BATCH: Final = 500
_LETTERS: Final[Mapping[Class, Sequence[str]]] = {"quotes": QUOTES, "letters": OTHERS, "links": WITHOUT_REQUEST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """How many of a class were kept for longer than *days*, since `oldest`. `before`: None where it is for good."""

    name: Class
    days: int
    before: datetime | None
    count: int = 0
    oldest: datetime | None = None


class Purge:
    """Looks through the four databases, class by class."""

    def __init__(self, databases: Mapping[str, Database], days: Mapping[Class, int], now: Clock) -> None:
        self._of = databases
        self._days = days
        self._now = now
        self._eraser = Eraser(databases, now)
        self._letters = MongoOldLetters(databases["notify"])
        self._dead_letters = [MongoDeadLetters(database) for database in databases.values()]

    async def __call__(self, *, is_dry: bool) -> list[Purged]:
        """What was found of each class; it is forgotten unless *is_dry*. Safe to repeat, also after a kill."""
        purged = []
        for name, days in self._days.items():
            before = self._now() - timedelta(days=days) if days != FOR_GOOD else None
            old = await self._old(name, before, is_dry=is_dry) if before else Old(0, None)
            purged.append(Purged(name=name, days=days, before=before, count=old.count, oldest=old.oldest))
        return purged

    async def _old(self, name: Class, before: datetime, *, is_dry: bool) -> Old:
        if name in ("requests", "contracts"):
            return await self._requests(before, is_dry=is_dry, has_contract=name == "contracts")
        if name == "dead-letters":
            found = [await letters.count_ended(before) for letters in self._dead_letters]
            for letters in () if is_dry else self._dead_letters:
                await letters.empty_ended(before)
            moments = [old.oldest for old in found if old.oldest]
            return Old(sum(old.count for old in found), min(moments, default=None))
        old = await self._letters.count(_LETTERS[name], before)
        if not is_dry:
            await self._letters.forget(_LETTERS[name], before)
        return old

    async def _requests(self, before: datetime, *, is_dry: bool, has_contract: bool) -> Old:
        count, oldest = 0, None
        async for batch in self._accepted(before):
            due = await self._due(batch, before, has_contract=has_contract)
            if not is_dry:
                await self._eraser.erase(list(due))
            count += len(due)
            oldest = min([moment for moment in (oldest, *due.values()) if moment], default=None)
        return Old(count, oldest)

    async def _accepted(self, before: datetime) -> AsyncIterator[list[Document]]:
        after = ""
        while True:
            wanted: Document = {"_id": {"$gt": after}, "accepted_at": {"$lt": before}, "relay.body": {"$exists": True}}
            with mongo_errors():
                cursor = self._of["intake"]["requests"].find(wanted, {"accepted_at": 1}, limit=_BATCH)
                found = await cursor.sort("_id", 1).to_list(None)
            if not found:
                return
            yield found
            after = found[-1]["_id"]

    async def _due(self, batch: list[Document], before: datetime, *, has_contract: bool) -> dict[str, datetime]:
        """Those of which nothing happened since *before*, with the moment at which something did last."""
        ids = [one["_id"] for one in batch]
        with mongo_errors():
            known: list[Any] = await self._of["dashboard"]["cases"].find({"_id": {"$in": ids}}).to_list(None)
            begun = await self._of["intake"]["erased"].distinct("_id", {"_id": {"$in": ids}})
        cases = {case["_id"]: case for case in known}
        due = {}
        for one in batch:
            case = cases.get(one["_id"])
            if case is None or case.get("is_broken"):
                continue  # Nobody knows here whether it has become a contract.
            moments = (one["accepted_at"], case.get("changed_at"), case.get("call_again_at"))
            last = max(moment for moment in moments if moment)
            is_contract = case.get("closed_as") == "handed-over"
            if one["_id"] not in begun and last < before and is_contract == has_contract:
                due[one["_id"]] = last
        return due


@asynccontextmanager
async def purging(mongo: str, days: Mapping[Class, int], now: Clock) -> AsyncIterator[Purge]:
    """With the databases at *mongo*, as a user who may write to all of them."""
    async with connect(mongo, service("intake").database) as database:
        yield Purge({str(one.name): database.client[one.database] for one in SERVICES}, days, now)
