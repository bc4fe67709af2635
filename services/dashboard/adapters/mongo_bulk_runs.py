"""Work on many cases in MongoDB: one document a run, with how far it is."""

from datetime import datetime, timedelta
from typing import Any

from services.dashboard.domain.bulk import KEPT_FOR, BulkRun, BulkWork, Planned, Skipped
from services.dashboard.domain.new_work import Assign, Close, Post
from shared.runtime.adapters.mongo import Database, Document, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once


class MongoBulkRuns:
    """`BulkRuns`."""

    def __init__(self, database: Database) -> None:
        self._runs = database["bulk_runs"]

    async def prepare(self) -> None:
        """Create the index by which Mongo deletes old runs, and date those from before runs ended."""
        kept_for_ms = int(KEPT_FOR / timedelta(milliseconds=1))
        with mongo_errors():
            await self._runs.create_index({"delete_at": 1}, name="old", expireAfterSeconds=0)
            dated = [{"$set": {"delete_at": {"$add": ["$$NOW", kept_for_ms]}}}]
            await self._runs.update_many({"delete_at": {"$exists": False}}, dated)

    async def add(self, run: BulkRun, until: datetime) -> None:
        planned = [[one.request_id, one.seen] for one in run.planned]
        document: Document = {"_id": run.id, "account": run.account, "work": _document(run.work), "planned": planned}
        await insert_once(self._runs, document | {"at": 0, "skipped": [], "until": None, "delete_at": until})

    async def find(self, run_id: str, now: datetime) -> BulkRun | None:
        with mongo_errors():
            document = await self._runs.find_one({"_id": run_id})
        if document is None:
            return None
        return BulkRun(
            id=run_id,
            account=document["account"],
            work=_work(document["work"]),
            planned=tuple(Planned(request_id, seen) for request_id, seen in document["planned"]),
            at=document["at"],
            skipped=tuple(Skipped(request_id, reason) for request_id, reason in document["skipped"]),
            is_running=document["until"] is not None and document["until"] > now,
            is_stopped=document.get("is_stopped", False),
        )

    async def take(self, run_id: str, now: datetime, until: datetime) -> bool:
        free = {"_id": run_id, "$or": [{"until": None}, {"until": {"$lte": now}}]}
        with mongo_errors():
            result = await self._runs.update_one(free, {"$set": {"until": until}})
        return bool(result.modified_count)

    async def note(self, run_id: str, request_id: str, reason: str | None, until: datetime) -> None:
        change: Document = {"$inc": {"at": 1}, "$set": {"until": until}}
        if reason is not None:
            change["$push"] = {"skipped": [request_id, reason]}
        with mongo_errors():
            await self._runs.update_one({"_id": run_id}, change)

    async def stop(self, run_id: str) -> None:
        with mongo_errors():
            await self._runs.update_one({"_id": run_id}, {"$set": {"until": None, "is_stopped": True}})

    async def release(self, run_id: str) -> None:
        with mongo_errors():
            await self._runs.update_one({"_id": run_id}, {"$set": {"until": None}})


def _document(work: BulkWork) -> Document:
    match work:
        case Assign(to=to):
            return {"kind": "assign", "to": to}
        case Post():
            return {"kind": "post"}
        case Close(outcome=outcome, reason=reason):
            return {"kind": "close", "outcome": outcome, "reason": reason}


def _work(document: dict[str, Any]) -> BulkWork:
    match document["kind"]:
        case "assign":
            return Assign(document["to"])
        case "post":
            return Post()
        case _:
            return Close(outcome=document["outcome"], reason=document["reason"])
