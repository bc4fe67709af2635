"""The audit in MongoDB: one document an act, never changed, each with the hash of the one before (`audit_chain.py`)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final

from pymongo.errors import BulkWriteError
from pymongo.read_concern import ReadConcern

from services.dashboard.adapters.audit_chain import (
    GENESIS,
    KEPT_FOR,
    Entry,
    Link,
    Verified,
    Verifier,
    chained,
    digests_by_day,
)
from services.dashboard.domain.visitor import Visitor
from services.dashboard.ports.audit import Act
from shared.errors import Unavailable
from shared.runtime.adapters.mongo import Database, Document, mongo_errors

_DUPLICATE: Final = 11_000
_TOGETHER: Final = 100
_MOST_TRIES: Final = 100
"""Of one group: each time, another process had appended first."""
_CHAINED: Final[Document] = {"_id": {"$type": "number"}}
_FORMER: Final[Document] = {"_id": {"$not": {"$type": "number"}}}
_BATCH: Final = 20_000


class MongoAudit:
    """`Audit`. MongoDB deletes entries in the end; this service needs no right to.

    The number of an entry is its `_id`, so of two processes that append at the same time one is refused, and tries
    again behind the other. What comes while an insert is on its way goes together with the next one.
    """

    def __init__(self, database: Database) -> None:
        # The newest entry must not be missed because a majority does not have it yet. What follows it in the log of
        # the database cannot survive without it, so nothing is ever chained to an entry that is lost.
        self._acts = database["audit"].with_options(read_concern=ReadConcern("local"))
        self._last: Link | None = None
        self._waiting: list[tuple[Entry, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Create the indexes that find who opened a case, and by which MongoDB deletes."""
        with mongo_errors():
            await self._acts.create_index({"request_id": 1, "at": 1}, name="of_request")
            await self._acts.create_index({"at": 1}, name="old", expireAfterSeconds=int(KEPT_FOR.total_seconds()))

    async def record(
        self,
        act: Act,
        at: datetime,
        account: str,
        request_id: str | None = None,
        *,
        seen: Sequence[str] = (),
        visitor: Visitor | None = None,
        about: str | None = None,
    ) -> None:
        entry: Entry = {"act": act, "at": at, "account": account, "request_id": request_id}
        if seen:
            entry["seen"] = list(seen)
        if visitor:
            entry |= {"network": visitor.shown_as, "agent": visitor.agent}
        if about:
            entry["about"] = about
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, answer))
        if self._task is None or self._task.done():
            # A task of its own: whoever waits may be cancelled, and the others still wait.
            self._task = asyncio.create_task(self._append_all())
        await answer

    async def _append_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
            problem: BaseException | None = None
            try:
                await self._append([entry for entry, _ in group])
            except Exception as error:  # noqa: BLE001  # whatever it is, it is for those who wait
                problem, self._last = error, None
            for _, answer in group:
                if answer.done():
                    continue
                if problem:
                    answer.set_exception(problem)
                else:
                    answer.set_result(None)

    async def _append(self, entries: list[Entry]) -> None:
        """After an error some may be there: of an act that was not carried out. None that was is ever missing."""
        for _ in range(_MOST_TRIES):
            last = self._last or await self._read_last()
            linked = chained(last, entries if last else [await self._genesis(entries[0]["at"]), *entries])
            try:
                with mongo_errors():
                    await self._acts.insert_many(linked, ordered=True)
            except BulkWriteError as error:
                details = error.details or {}
                if details["writeErrors"][0]["code"] != _DUPLICATE:
                    raise Unavailable("mongo") from error
                entries, self._last = entries[max(0, details["nInserted"] - (last is None)) :], None
            else:
                newest = linked[-1]
                self._last = Link(newest["_id"], bytes(newest["hash"]), newest["at"])
                return
        raise Unavailable("mongo")

    async def _read_last(self) -> Link | None:
        with mongo_errors():
            newest = await self._acts.find_one(_CHAINED, {"hash": 1, "at": 1}, sort=[("_id", -1)])
        return Link(newest["_id"], bytes(newest["hash"]), newest["at"]) if newest else None

    async def _genesis(self, at: datetime) -> Entry:
        """Entry 0, which binds what was recorded before there was a chain. Once, it reads all of that."""
        before = digests_by_day([batch async for batch in _former(self._acts)])
        return {"act": GENESIS, "at": at, "account": "", "request_id": None, "before": before}


async def verify_audit(database: Database, now: datetime, known: str | None = None) -> Verified:
    """Read the whole audit and check every entry. *known*: see `Verifier`."""
    verifier, acts = Verifier(now, known), database["audit"]
    with mongo_errors():
        cursor: Any = acts.find_raw_batches(_CHAINED, sort=[("_id", 1)], batch_size=_BATCH)
        batch = await anext(cursor, b"")
        while batch and not verifier.broken:
            # MongoDB reads on while these are hashed: that is half of the time.
            batch, _ = await asyncio.gather(anext(cursor, b""), asyncio.to_thread(verifier.read, batch))
        return verifier.end([batch async for batch in _former(acts)])


async def _former(acts: Any) -> AsyncIterator[bytes]:  # noqa: ANN401  # Motor's raw cursor is untyped
    """The entries from before the chain: by their moment, and those of the same moment by their id."""
    with mongo_errors():
        async for batch in acts.find_raw_batches(_FORMER, sort=[("at", 1), ("_id", 1)], batch_size=_BATCH):
            yield batch
