"""The counts of the visits to forms in MongoDB: one document a form and day, written only here."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from pymongo.errors import DuplicateKeyError

from services.dashboard.domain.form_visits import DayCount, OrderDay, day_count
from shared.events import FormCounted
from shared.runtime.adapters.mongo import Database, Document, mongo_errors


class MongoFormCounts:
    """`FormCounts`. A year of one form are 366 small documents: they are found without an index of their own."""

    def __init__(self, database: Database) -> None:
        self._counts = database["form_counts"]

    async def put(self, counted: FormCounted) -> None:
        is_older = {"_id": counted.request_id, "counted_at": {"$lt": counted.counted_at}}
        count = asdict(day_count(counted)) | {"day": counted.day.isoformat(), "counted_at": counted.counted_at}
        try:
            with mongo_errors():
                await self._counts.replace_one(is_older, count, upsert=True)
        except DuplicateKeyError:
            return  # What is there was counted later, or is the same.

    async def of(self, first: date, last: date) -> Sequence[DayCount]:
        of_days = {"day": {"$gte": first.isoformat(), "$lte": last.isoformat()}}
        with mongo_errors():
            documents = await self._counts.find(of_days, {"_id": 0, "counted_at": 0}).to_list(None)
        return [_count(document) for document in documents]


def _count(document: Document) -> DayCount:
    orders = tuple(OrderDay(**one) for one in document.get("orders", ()))
    return DayCount(**{**document, "day": date.fromisoformat(document["day"]), "orders": orders})
