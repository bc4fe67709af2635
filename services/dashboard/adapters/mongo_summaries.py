"""The read model in MongoDB: one document a case in `cases`, written only here, and never a fact.

Each document says how many facts it was made from, so that processes that write at the same time need no lock: who
knew fewer facts does not win.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError

from services.dashboard.adapters.mongo_figures import tallied
from services.dashboard.adapters.mongo_selection import FIELD_OF, conditions
from services.dashboard.adapters.mongo_terms import TERMS_INDEX, terms_filter, unfindable_filter
from services.dashboard.domain.case import State
from services.dashboard.domain.listing import DESCENDING, Selection
from services.dashboard.domain.summary import VERSION, CaseSummary
from services.dashboard.ports.cases import IndexedCase, Place, Window
from shared.runtime.adapters.mongo import Database, Document, count_all, long_work, mongo_errors

_FIELDS: Final = tuple(field.name for field in fields(CaseSummary) if field.name != "request_id")
_DERIVED: Final = ("accepted_on", "is_open", "is_suspicious", "must_answer", "must_check", "is_averaged")
"""Properties of a summary that are kept too, because the database filters or groups by them."""
_ALREADY_NEWER: Final = 11000
"""MongoDB's code for a taken `_id`: no document matched as older, and the new one has the id of one that is there."""
_TO_BE_REPLACED: Final = 0
_MODEL: Final = "cases"
_WITHOUT_TERMS: Final = {"terms": 0}
"""They are the larger half of a document, and nobody reads them."""
_FLAGS: Final = (
    "must_answer",
    "must_check",
    "awaits_approval",
    "is_on_hold",
    "must_post",
    "has_failed_letters",
    "is_suspicious",
)
_FILTERED: Final = ("assignee", "state", "industry", "premium_yen", "brochure")


class MongoSummaries:
    """`Summaries` in the collection cases."""

    def __init__(self, database: Database) -> None:
        self._cases = database["cases"]
        self._models = database["read_models"]

    async def prepare(self) -> None:
        """Create the indexes, unless the cases have never been summarised: `finish` creates them then.

        To fill a collection of 200,000 with all its indexes takes ten times as long as to create them afterwards.
        """
        with mongo_errors():
            model = await self._models.find_one({"_id": _MODEL})
        if model:
            await self._create_indexes()

    async def _create_indexes(self) -> None:
        """One for each order, one for each filter, small ones for the tabs, and one for the search."""
        with long_work():
            for order, name in FIELD_OF.items():
                direction = -1 if order in DESCENDING else 1
                await self._cases.create_index([(name, direction), ("_id", direction)], name=order.value)
            await self._cases.create_index("reception_no", name="reception_no")
            await self._cases.create_index(TERMS_INDEX, name="terms")
            await self._cases.create_index("terms_key", name="terms_key")
            for name in _FILTERED:
                await self._cases.create_index([(name, 1), ("accepted_at", -1), ("_id", -1)], name=f"by_{name}")
            # One's own are counted with every list: without a look at the cases, of which there may be thousands.
            await self._cases.create_index(
                [("is_open", 1), ("assignee", 1), ("accepted_at", -1), ("_id", -1)],
                name="mine",
                partialFilterExpression={"is_open": True},
            )
            for name in _FLAGS:
                # Led by the flag: MongoDB counts with an index only if the query says something of its first field.
                await self._cases.create_index(
                    [(name, 1), ("accepted_at", -1), ("_id", -1)], name=name, partialFilterExpression={name: True}
                )

    async def put(self, cases: Sequence[IndexedCase]) -> None:
        writes = [ReplaceOne(_older_than(one.summary), _document(one), upsert=True) for one in cases]
        if not writes:
            return
        try:
            with mongo_errors():
                await self._cases.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            if any(one["code"] != _ALREADY_NEWER for one in (error.details or {}).get("writeErrors", ())):
                raise

    async def page(self, selection: Selection, window: Window, limit: int) -> Sequence[CaseSummary]:
        name = FIELD_OF[selection.order]
        direction = -1 if (selection.order in DESCENDING) != window.is_backwards else 1
        place = window.before or window.after
        among = [*conditions(selection), *([_beyond(place, name, direction)] if place else [])]
        with mongo_errors():
            cursor = self._cases.find(_filter(among, selection), _WITHOUT_TERMS, limit=limit)
            documents = await cursor.sort([(name, direction), ("_id", direction)]).to_list(None)
        summaries = [_summary(document) for document in documents]
        return summaries[::-1] if window.is_backwards else summaries

    async def count(self, selection: Selection, most: int) -> int:
        wanted = _filter(conditions(selection), selection)
        with mongo_errors():
            if wanted:
                return await self._cases.count_documents(wanted, limit=most)
            return await count_all(self._cases, most)

    async def has_unfindable(self, keys: Sequence[str]) -> bool:
        with mongo_errors():
            return await self._cases.find_one(unfindable_filter(keys), {"_id": 1}) is not None

    async def request_of(self, reception_no: str) -> str | None:
        with mongo_errors():
            found = await self._cases.find_one({"reception_no": reception_no}, {"_id": 1})
        return str(found["_id"]) if found else None

    async def is_current(self, rules: str) -> bool:
        with mongo_errors():
            model = await self._models.find_one({"_id": _MODEL})
        # A newer version has made them by rules of its own: this one must not take them back.
        return bool(model and (model["version"] > VERSION or (model["version"], model["rules"]) == (VERSION, rules)))

    async def begin_again(self) -> None:
        with long_work():
            await self._cases.update_many({"version": {"$lte": VERSION}}, {"$set": {"version": _TO_BE_REPLACED}})

    async def hand_back(self) -> None:
        """Let a version before make them all again at its start, which never takes the place of newer ones."""
        with long_work():
            await self._models.delete_one({"_id": _MODEL})
            await self._cases.update_many({}, {"$set": {"version": _TO_BE_REPLACED}})

    async def renew(self, request_id: str) -> None:
        with mongo_errors():
            await self._cases.update_one(
                {"_id": request_id, "version": {"$lte": VERSION}}, {"$set": {"version": _TO_BE_REPLACED}}
            )

    async def finish(self, rules: str) -> None:
        await self._create_indexes()
        with long_work():
            await self._cases.delete_many({"version": _TO_BE_REPLACED})
            await self._models.update_one({"_id": _MODEL}, {"$set": {"version": VERSION, "rules": rules}}, upsert=True)


def _older_than(summary: CaseSummary) -> Document:
    """The document of the same case, if *summary* may take its place."""
    return {
        "_id": summary.request_id,
        "$or": [
            {"version": {"$lt": VERSION}},
            {"version": VERSION, "facts": {"$lt": summary.facts}},
        ],
    }


def _beyond(place: Place, name: str, direction: int) -> Document:
    beyond = "$gt" if direction > 0 else "$lt"
    return {
        name: {f"{beyond}e": place.value},
        "$or": [{name: {beyond: place.value}}, {"_id": {beyond: place.request_id}}],
    }


def _filter(among: Sequence[Document], selection: Selection) -> Document:
    every: Document = {"$and": list(among)} if among else {}
    search = selection.filter.search
    return every if search is None else terms_filter(search.asked, every)


def _document(case: IndexedCase) -> Document:
    summary = case.summary
    derived = {name: getattr(summary, name) for name in _DERIVED}
    kept = {name: getattr(summary, name) for name in _FIELDS}
    found_by = {"terms": list(case.terms), "terms_key": case.key}
    return {"version": VERSION, **kept, **derived, "state": summary.state.value, **tallied(summary), **found_by}


def _summary(document: Document) -> CaseSummary:
    # Until it is made again, a summary of the version before lacks what is new.
    kept: dict[str, Any] = {name: document.get(name) for name in _FIELDS}
    kept |= {"state": State(document["state"]), "suspicions": tuple(document["suspicions"])}
    kept["decisions"] = kept["decisions"] or 0
    return CaseSummary(**kept, request_id=document["_id"])
