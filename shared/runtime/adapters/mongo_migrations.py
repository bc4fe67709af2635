"""Changes a service's stored data from version to version by steps, each of which its database notes (ADR 0033).

What a version needs is added when its first process starts, beside processes of the version before. What the version
before needs is removed only by an operator (`mitsumori upgrade`), once no process of it runs; from then on it is
refused here. So is every version while a backup is being put back (ADR 0032).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import structlog
from pymongo.errors import OperationFailure

from shared.errors import Invalid, Unavailable
from shared.runtime.adapters.mongo import Collection, Database, Document, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once

log = structlog.get_logger(__name__)

COLLECTION: Final = "migrations"
RESTORING: Final = 0
"""The number of no step: a backup is being put back. A version that does not know it takes it for a removal."""
LEASE_S: Final = 30.0
"""Whoever runs a step says three times in it that it still does. After one without a word another takes over."""
_LOOK_S: Final = 0.5
_NOT_ALLOWED: Final = 13
_NOBODY: Final = datetime.min.replace(tzinfo=UTC)
_DONE: Final[Document] = {"done_at": "$$NOW", "until": "$$REMOVE", "by": "$$REMOVE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change of the stored data. `title` is for the operator. `removes`: the version before cannot do without it.

    `run` can be repeated: after it was killed halfway, and while another process runs it too. What may take longer than
    ten minutes is done in parts, each of which stays done.
    """

    number: int
    """Of a service's steps the next one; never given to another."""
    title: str
    run: Callable[[Database], Awaitable[None]]
    removes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What the database says of a step that has begun. `version`: of whoever began it. None: it has not ended."""

    number: int
    title: str
    removes: bool
    version: str
    done_at: datetime | None


class MongoMigrations:
    """The steps of the service whose *database* this is, as code of *version* knows them."""

    def __init__(self, database: Database, steps: Sequence[Step], version: str, *, lease_s: float = LEASE_S) -> None:
        self._database = database
        self._noted: Collection = database[COLLECTION]
        self._steps = steps
        self._version = version
        self._lease_s = lease_s
        self._me = uuid4().hex

    async def bring_forward(self) -> None:
        """For the start of a process: add what is missing. Several processes at once wait for each other.

        Raises `Unavailable`, and `Invalid` with a sentence for the operator when the database is too new for this code
        or half restored.
        """
        try:
            await self._refuse_unfit()
        except Invalid as reason:
            log.critical("start refused", reason=str(reason))
            raise
        await self._begin_new()
        for step in await self.waiting():
            if not step.removes:
                log.info("stored data changes", step=step.number)
                await self._see_to(step)
                log.info("stored data changed", step=step.number)

    async def finish(self) -> list[Step]:
        """For the operator: everything that waits, also what removes. Returns what was done. Raises as above."""
        await self._refuse_unfit()
        waiting = await self.waiting()
        for step in waiting:
            await self._see_to(step)
        return waiting

    async def noted(self) -> list[Noted]:
        """Every step that was ever begun, also those that this code does not know."""
        return [_read(document) for document in await self._documents() if document["_id"] != RESTORING]

    async def is_half_restored(self) -> bool:
        """Whether a restore has begun and not ended: all that is missing is still to come."""
        return any(document["_id"] == RESTORING for document in await self._documents())

    async def _documents(self) -> list[Document]:
        try:
            with mongo_errors():
                return await self._noted.find().sort("_id", 1).to_list(None)
        except OperationFailure as error:
            if error.code == _NOT_ALLOWED:
                raise Invalid(_no_right(self._database.name)) from None
            raise

    async def waiting(self) -> list[Step]:
        """The steps that this code knows and that are not done, in their order."""
        done = {one.number for one in await self.noted() if one.done_at}
        return [step for step in self._steps if step.number not in done]

    async def too_new(self) -> Noted | None:
        """What has removed, or begun to remove, something that this code may need."""
        known = {step.number for step in self._steps}
        return next((one for one in await self.noted() if one.removes and one.number not in known), None)

    async def _refuse_unfit(self) -> None:
        if await self.is_half_restored():
            raise Invalid(half_restored(self._database.name))
        if newer := await self.too_new():
            raise Invalid(_too_new(self._database.name, newer, self._version))

    async def _begin_new(self) -> None:
        """From a database in which there is nothing yet, nothing has to be removed."""
        with mongo_errors():
            if await self._database.list_collection_names(authorizedCollections=True):
                return
        for step in self._steps:
            if step.removes:
                await insert_once(self._noted, self._note(step))
                await self._update({"_id": step.number}, _DONE)

    async def _see_to(self, step: Step) -> None:
        """Return when *step* is done, by this process or by another."""
        await insert_once(self._noted, {**self._note(step), "until": _NOBODY})
        while not await self._is_done(step):
            if await self._claim(step):
                await self._run(step)
            else:
                await asyncio.sleep(_LOOK_S)

    async def _is_done(self, step: Step) -> bool:
        with mongo_errors():
            return await self._noted.find_one({"_id": step.number, "done_at": {"$exists": True}}) is not None

    async def _claim(self, step: Step) -> bool:
        """By MongoDB's clock: those of two processes may differ."""
        free: Document = {"$or": [{"by": self._me}, {"$expr": {"$lte": ["$until", "$$NOW"]}}]}
        return await self._update({"_id": step.number, "done_at": {"$exists": False}, **free}, self._lease())

    async def _run(self, step: Step) -> None:
        keeping = asyncio.create_task(self._keep_claim(step))
        try:
            await step.run(self._database)
        finally:
            keeping.cancel()
        # Also where somebody has taken over meanwhile: what was done is done.
        await self._update({"_id": step.number}, _DONE)

    async def _keep_claim(self, step: Step) -> None:
        while True:
            await asyncio.sleep(self._lease_s / 3)
            with suppress(Unavailable):
                await self._update({"_id": step.number, "by": self._me}, self._lease())

    def _lease(self) -> Document:
        return {"by": self._me, "until": {"$add": ["$$NOW", int(self._lease_s * 1000)]}}

    async def _update(self, which: Document, fields: Document) -> bool:
        with mongo_errors():
            return bool((await self._noted.update_one(which, [{"$set": fields}])).matched_count)

    def _note(self, step: Step) -> Document:
        return {"_id": step.number, "title": step.title, "removes": step.removes, "version": self._version}


def _read(document: Mapping[str, Any]) -> Noted:
    return Noted(
        number=document["_id"],
        title=document["title"],
        removes=document["removes"],
        version=document["version"],
        done_at=document.get("done_at"),
    )


def _too_new(database: str, newer: Noted, version: str) -> str:
    return (
        f"データベース {database} は、mitsumori {newer.version} への更新を終えています(「{newer.title}」)。"
        f"このバージョン({version})では使えません。{newer.version} 以降のイメージに戻して起動してください。"
        "このバージョンに戻すには、更新の前のバックアップから復元します(docs/operating/update.md)。"
    )


def restoring(version: str) -> Document:
    """What is noted in each database while a backup is being put back by *version*."""
    return {"_id": RESTORING, "title": "バックアップからの復元", "removes": True, "version": version}


def half_restored(database: str) -> str:
    """Why nothing starts on *database*, for the operator."""
    return (
        f"データベース {database} は、バックアップからの復元の途中です。mitsumori restore を、同じファイルと --replace "
        "でもう一度実行し、終わってから起動してください(docs/operating/restore.md)。"
    )


def _no_right(database: str) -> str:
    return (
        f"MongoDB の利用者に、{database} の {COLLECTION} を読む権限がありません。docker compose up users"
        "(Docker を使わないときは mitsumori access mongo の表示するコマンド)で、利用者を更新してから起動してください。"
    )
