"""The facts in MongoDB: insert-only, one collection a kind, joined by request when somebody looks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bson.errors import InvalidDocument

from services.dashboard.adapters.mongo_facts import (
    FACT_COLLECTIONS,
    FOLLOWING,
    READ,
    document_of,
    fact_of,
    numbers_of,
)
from services.dashboard.domain.case import BrokenCase, Case, case_of
from services.dashboard.domain.facts import CONTRADICTS_NOTHING, BrokenFact, Fact
from shared.errors import Invalid
from shared.events import RequestReceived
from shared.runtime.adapters.mongo import (
    Database,
    Document,
    count_all,
    long_work,
    mongo_errors,
    not_waiting,
    tolerant,
)
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.telemetry import current_traceparent

_MOST: Final = 200
_BATCH: Final = 10_000
"""More documents than one look finds, so that it is one command."""
_UNLIMITED: Final = 0
_NO_DECISIONS: Final = [event.type for event in CONTRADICTS_NOTHING]
_CUT: Final[Sequence[tuple[str, Document]]] = (
    ("quotes", {}),
    ("letters", {}),
    *(("decisions", {"type": name}) for name in _NO_DECISIONS),
)
"""Of what only the newest and the first are read. Decisions are not among them: each may say what a case is."""


@dataclass(slots=True)
class _Stored:
    """What was read of one request. `left_out`, `last_number`: as in `Case`."""

    facts: dict[tuple[str, str], Fact | BrokenFact] = field(default_factory=dict)
    left_out: int = 0
    last_number: int = 0

    def add(self, name: str, document: Document) -> None:
        """A document of the collection *name*, once."""
        self.facts[name, str(document["_id"])] = fact_of(name, document)
        self.last_number = max(self.last_number, *numbers_of(document), 0)

    def case(self) -> Case | BrokenCase | None:
        """What they make together."""
        whole = [fact for fact in self.facts.values() if not isinstance(fact, BrokenFact)]
        broken = [fact for fact in self.facts.values() if isinstance(fact, BrokenFact)]
        return case_of(whole, broken, left_out=self.left_out, last_number=self.last_number)


class MongoCases:
    """`Cases` in the collections requests, quotes, letters and decisions.

    *most*: how many facts of a kind are read of one case. It may have thousands, and nobody would read them on a page.
    """

    def __init__(self, database: Database, most: int = _MOST) -> None:
        readable = database.with_options(codec_options=tolerant(database))
        self._most = most
        # Motor makes a new collection, and with it two objects of PyMongo, each time it is asked for one.
        # A fact is not waited for: its summary is, and a record is done only when all is kept.
        self._of = {name: not_waiting(readable[name]) for name in FACT_COLLECTIONS}

    async def prepare(self) -> None:
        """Create the indexes for the newest facts of one request, and for those that were closed for it."""
        with long_work():
            for name in FOLLOWING:
                await self._of[name].create_index({"request_id": 1, "at": -1}, name="newest_of_request")
            await self._of["decisions"].create_index({"event.same_as": 1}, name="same_as", sparse=True)

    async def add(self, fact: Fact) -> bool:
        try:
            name, document = document_of(fact)
            if isinstance(fact, RequestReceived) and (trace := current_traceparent()):
                document["trace"] = trace.split("-")[1]
            return await insert_once(self._of[name], document)
        except (InvalidDocument, OverflowError):
            raise Invalid("cannot-be-stored") from None

    async def trace_of(self, request_id: str) -> str | None:
        with mongo_errors():
            found = await self._of["requests"].find_one({"_id": request_id}, {"trace": 1})
        return str(found["trace"]) if found and found.get("trace") else None

    async def find(self, request_id: str) -> Case | BrokenCase | None:
        return next(iter(await self.find_many([request_id])), None)

    async def find_many(self, request_ids: Sequence[str]) -> Sequence[Case | BrokenCase]:
        stored = await self._stored(request_ids) if request_ids else {}
        cases = (stored[request_id].case() for request_id in request_ids)
        return [case for case in cases if case]

    async def closed_as_same(self, request_id: str, most: int) -> Sequence[str]:
        with mongo_errors():
            cursor = self._of["decisions"].find({"event.same_as": request_id}, {"request_id": 1}, limit=most)
            return list(dict.fromkeys([document["request_id"] for document in await cursor.to_list(None)]))

    async def count(self) -> int:
        with mongo_errors():
            return await count_all(self._of["requests"])

    async def ids_after(self, request_id: str, limit: int) -> Sequence[str]:
        with mongo_errors():
            cursor = self._of["requests"].find({"_id": {"$gt": request_id}}, {"_id": 1}, limit=limit)
            return [document["_id"] for document in await cursor.sort("_id", 1).to_list(None)]

    async def _stored(self, request_ids: Sequence[str]) -> dict[str, _Stored]:
        most = self._most * len(request_ids)
        found = await self._read_all(request_ids, most)
        requests, following = found["requests"], [found[name] for name in FOLLOWING]
        if any(len(documents) == most for documents in following):
            # One request has very many: then each is asked for on its own, so that the others lose nothing.
            if len(request_ids) == 1:
                return {request_ids[0]: await self._stored_of_many(request_ids[0], requests)}
            return {one: (await self._stored([one]))[one] for one in request_ids}
        stored = {one: _Stored() for one in request_ids}
        for document in requests:
            stored[document["_id"]].add("requests", document)
        for name, documents in zip(FOLLOWING, following, strict=True):
            for document in documents:
                if isinstance(document["request_id"], str):
                    stored[document["request_id"]].add(name, document)
        return stored

    async def _stored_of_many(self, request_id: str, requests: Sequence[Document]) -> _Stored:
        """Every decision, and of everything else that there is very much of, the newest and the first."""
        stored, of_request = _Stored(), {"request_id": request_id}
        for document in requests:
            stored.add("requests", document)
        for name, kind in _CUT:
            among = of_request | kind
            # Counted before it is read: a fact that comes in between is read, and must not be counted as left out.
            with mongo_errors():
                there = await self._of[name].count_documents(among)
            before = len(stored.facts)
            for order, limit in ((-1, self._most), (1, 1)):
                for document in await self._read(name, among, order=order, limit=limit):
                    stored.add(name, document)
            stored.left_out += max(there - (len(stored.facts) - before), 0)
        decisions = of_request | {"type": {"$nin": _NO_DECISIONS}}
        for document in await self._read("decisions", decisions):
            stored.add("decisions", document)
        return stored

    async def _read_all(self, request_ids: Sequence[str], most: int) -> dict[str, list[Document]]:
        """By collection, in one command; of each but the requests at most *most*, in any order."""
        ids = {"$in": list(request_ids)}
        following = ({"$match": {"request_id": ids}}, {"$limit": most}, {"$project": READ})
        pipeline: list[Document] = [
            {"$match": {"_id": ids}},
            {"$project": READ},
            *({"$unionWith": {"coll": name, "pipeline": [*following, {"$set": {"from": name}}]}} for name in FOLLOWING),
        ]
        found: dict[str, list[Document]] = {name: [] for name in FACT_COLLECTIONS}
        with mongo_errors():
            for document in await self._of["requests"].aggregate(pipeline, batchSize=_BATCH).to_list(None):
                found[document.pop("from", "requests")].append(document)
        return found

    async def _read(self, name: str, query: Document, *, order: int = 0, limit: int = _UNLIMITED) -> list[Document]:
        """By time with an *order* of 1, the newest first with -1; in any order with 0, which costs no sort."""
        with mongo_errors():
            cursor = self._of[name].find(query, READ, limit=limit)
            return await (cursor.sort("at", order) if order else cursor).to_list(None)
