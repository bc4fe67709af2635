"""What intake counts of the visits to its forms, in MongoDB: each step, and what the steps of a day come to."""

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

import structlog
from pydantic import TypeAdapter, ValidationError
from pymongo import WriteConcern
from pymongo.read_concern import ReadConcern

from services.intake.adapters.mongo import SOURCE
from services.intake.domain.funnel import Step
from shared.errors import Unavailable
from shared.events import FormCounted
from shared.runtime.adapters.mongo import Database, Document, mongo_errors, tolerant
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.outbox import Announce, new_entry, outbox_fields

log = structlog.get_logger(__name__)

_STEP: Final = TypeAdapter(Step)
STEPS_KEPT: Final = timedelta(days=400)
"""A year can be compared with the one before it.

MongoDB refuses to create an index that exists with another time, and intake would not start. To change the time of a
database in use, first drop the index `at_1` of `steps`.
"""
COUNTS_KEPT: Final = timedelta(days=35)
"""Longer than a dashboard is behind. What they count is kept as steps."""


async def prepare_steps(database: Database) -> None:
    """Create the indexes by which steps are found and deleted."""
    with mongo_errors():
        await database["steps"].create_index("at", expireAfterSeconds=int(STEPS_KEPT.total_seconds()))
        await database["steps"].create_index([("product", 1), ("at", 1)])
        await database["form_counts"].create_index("at", expireAfterSeconds=int(COUNTS_KEPT.total_seconds()))


class MongoSteps:
    """`Steps`, written without waiting for the disk: no customer must wait because we count."""

    def __init__(self, database: Database) -> None:
        # Read as it is written: with "majority", a new step would not be seen for some 100 ms.
        self._steps = database.get_collection(
            "steps",
            codec_options=tolerant(database),
            write_concern=WriteConcern(w=1, j=False),
            read_concern=ReadConcern("local"),
        )

    async def add(self, step: Step) -> None:
        """When a step is lost, a count is too small by one, and nothing else happens."""
        with suppress(Unavailable), mongo_errors():
            await self._steps.insert_one(asdict(step))

    async def since(self, product: str, moment: datetime) -> list[Step]:
        with mongo_errors():
            cursor = self._steps.find({"product": product, "at": {"$gte": moment}}).sort("at", 1)
            documents = await cursor.to_list(length=None)
        return [step for document in documents if (step := _step(document))]


class MongoFormCounts:
    """`FormCounts`: the same counts are one document, whichever process has counted."""

    def __init__(self, database: Database, announce: Announce) -> None:
        self._counts = database["form_counts"]
        self._announce = announce
        self._last: dict[str, str] = {}

    async def add(self, count: FormCounted) -> None:
        if self._last.get(count.request_id) == count.count_id:
            return
        relay = outbox_fields(count, document_id=count.count_id, source=SOURCE, time=count.counted_at)
        document = {"_id": count.count_id, "at": count.counted_at, "relay": relay}
        if await insert_once(self._counts, document):
            self._announce(new_entry("form_counts", document))
        self._last[count.request_id] = count.count_id


def _step(document: Document) -> Step | None:
    """None for a damaged document: the others are counted all the same."""
    try:
        return _STEP.validate_python(document)
    except ValidationError:
        log.warning("step not read", collection="steps", document_id=str(document["_id"]))
        return None
