"""A change stream of MongoDB: what any process of the desk has written into the read model, or about who looks at what.

One stream for both collections: each holds one of Motor's few threads.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import structlog
from pymongo.errors import OperationFailure

from services.dashboard.ports.live import Change
from shared.errors import Unavailable
from shared.runtime.adapters.mongo import Database, Document, mongo_errors

log = structlog.get_logger(__name__)

_RETRY_S: Final = 1.0
_PIPELINE: Final[list[Document]] = [
    {
        "$match": {
            "$or": [
                # Rebuilding marks every summary (an update) before it replaces those that are different now.
                {"ns.coll": "cases", "operationType": {"$in": ["insert", "replace", "delete"]}},
                {"ns.coll": "presence", "operationType": {"$in": ["insert", "delete"]}},
                # Who still looks says so every few seconds: only what is shown of it is a change.
                {"ns.coll": "presence", "updateDescription.updatedFields.is_typing": {"$exists": True}},
            ]
        }
    },
    {"$project": {"ns": 1, "operationType": 1, "documentKey": 1}},
]
_UNTIL_EVENT_MS: Final = 1_000


class MongoChanges:
    """`Changes`. While MongoDB is away it waits; then it goes on where it was, or says that something was missed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def follow(self) -> AsyncIterator[Change]:
        token: Any = None
        while True:
            try:
                with mongo_errors():
                    stream = self._database.watch(_PIPELINE, resume_after=token, max_await_time_ms=_UNTIL_EVENT_MS)
                    async with stream:
                        if token is None:
                            # The stream begins with the first question, so nothing is missed after this change.
                            first = await stream.try_next()
                            yield Change(None)
                            if first:
                                yield _change(first)
                            token = stream.resume_token
                        async for document in stream:
                            token = stream.resume_token
                            yield _change(document)
                token = None
            except Unavailable as error:
                log.warning("waiting", step="changes", error=type(error.__cause__).__name__)
            except OperationFailure as error:
                # The place is not in MongoDB's log any more; or it does not allow it, and the pages work without.
                log.exception("no changes followed", error=str(error.code))
                token = None
            await asyncio.sleep(_RETRY_S)


def _change(document: Document) -> Change:
    key = str(document["documentKey"]["_id"])
    if document["ns"]["coll"] == "presence":
        return Change(key.partition("/")[0])
    return Change(key, is_new=document["operationType"] == "insert")
