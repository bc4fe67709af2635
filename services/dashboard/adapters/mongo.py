"""The facts in MongoDB: insert-only, one collection a kind, joined by request when somebody looks.

A fact is stored as the JSON of its event, so that a later version of the dashboard reads what an earlier one stored.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from services.dashboard.domain.case import Case, State, case_of
from services.dashboard.domain.facts import Fact, fact_id, moment_of
from services.dashboard.ports import Page
from shared.events import (
    Event,
    LetterFailed,
    LetterSent,
    QuoteDecided,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
)
from shared.runtime.adapters.mongo import Collection, Database, Document, insert_once, mongo_errors
from shared.runtime.outbox import Nudge, outbox_fields

_COLLECTIONS: Final[dict[type[Event], str]] = {
    RequestReceived: "requests",
    QuoteOffered: "quotes",
    QuoteReferred: "quotes",
    LetterSent: "letters",
    LetterFailed: "letters",
    QuoteReleased: "decisions",
    QuoteDecided: "decisions",
}
_BY_TYPE: Final = {event.type: event for event in _COLLECTIONS}
_FOLLOWS: Final = ("quotes", "letters", "decisions")
_SOURCE: Final = "/mitsumori/dashboard"
# Requests that were stored before there were suspicions have no such field.
_SUSPICIOUS: Final[Document] = {"$match": {"event.suspicions.0": {"$exists": True}}}
_WITH_LATEST_QUOTE: Final[list[Document]] = [
    {"$project": {"at": 1, "wished": "$event.wishes.quote"}},
    # One pass over both collections: a $lookup per request takes ten seconds for twenty thousand cases.
    {
        "$unionWith": {
            "coll": "quotes",
            "pipeline": [
                {
                    "$project": {
                        "_id": "$request_id",
                        # Compared field by field in this order, so the greatest is the latest.
                        "latest": {"revision": "$event.revision", "at": "$at", "id": "$_id", "type": "$type"},
                    }
                }
            ],
        }
    },
    {
        "$group": {
            "_id": "$_id",
            "at": {"$max": "$at"},
            "wished": {"$max": "$wished"},
            "latest": {"$max": "$latest"},
        }
    },
]
_OF_STATE: Final[dict[State | None, list[Document]]] = {
    None: [{"$project": {"at": 1}}],
    State.DOCUMENTS_ONLY: [{"$match": {"event.wishes.quote": False}}, {"$project": {"at": 1}}],
    State.RECEIVED: [*_WITH_LATEST_QUOTE, {"$match": {"wished": True, "latest": None}}],
    State.QUOTED: [*_WITH_LATEST_QUOTE, {"$match": {"wished": True, "latest.type": QuoteOffered.type}}],
    State.REFERRED: [*_WITH_LATEST_QUOTE, {"$match": {"wished": True, "latest.type": QuoteReferred.type}}],
}
"""The rules of `Case.state` as queries: the database must filter before it counts. A test of `Cases` compares both."""


class MongoCases:
    """`Cases` in the collections requests, quotes, letters and decisions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prepare(self) -> None:
        """Create the indexes for the list, newest first, and for the facts of one request."""
        with mongo_errors():
            await self._database["requests"].create_index({"at": -1, "_id": -1}, name="newest_first")
            for name in _FOLLOWS:
                await self._database[name].create_index({"request_id": 1}, name="of_request")

    async def add(self, fact: Fact) -> bool:
        return await insert_once(self._database[_COLLECTIONS[type(fact)]], _document(fact))

    async def find(self, request_id: str) -> Case | None:
        requests = await self._facts("requests", {"_id": request_id})
        return case_of(requests + await self._following([request_id])) if requests else None

    async def page(self, state: State | None, skip: int, limit: int, *, suspicious: bool = False) -> Page:
        ids = [{"$sort": {"at": -1, "_id": -1}}, {"$skip": skip}, {"$limit": limit}]
        filters = [_SUSPICIOUS] if suspicious else []
        pipeline = [*filters, *_OF_STATE[state], {"$facet": {"counted": [{"$count": "total"}], "ids": ids}}]
        with mongo_errors():
            [page] = await self._database["requests"].aggregate(pipeline).to_list(1)
        request_ids = [document["_id"] for document in page["ids"]]
        requests = await self._facts("requests", {"_id": {"$in": request_ids}})
        facts: dict[str, list[Fact]] = defaultdict(list)
        for fact in requests + await self._following(request_ids):
            facts[fact.request_id].append(fact)
        cases = (case_of(facts[request_id]) for request_id in request_ids)
        return Page(tuple(case for case in cases if case), sum(count["total"] for count in page["counted"]))

    async def _following(self, request_ids: Sequence[str]) -> list[Fact]:
        return [
            fact for name in _FOLLOWS for fact in await self._facts(name, {"request_id": {"$in": list(request_ids)}})
        ]

    async def _facts(self, name: str, query: Document) -> list[Fact]:
        with mongo_errors():
            return [_fact(document) async for document in self._database[name].find(query)]


class MongoDecisions:
    """`Decisions`: the document that holds a decision holds its unsent event too."""

    def __init__(self, database: Database, nudge: Nudge) -> None:
        self._decisions: Collection = database["decisions"]
        self._nudge = nudge

    async def add(self, decision: QuoteReleased) -> bool:
        document = _document(decision)
        document["relay"] = outbox_fields(
            decision, document_id=document["_id"], source=_SOURCE, time=decision.released_at
        )
        is_new = await insert_once(self._decisions, document)
        self._nudge()
        return is_new


def _document(fact: Fact) -> Document:
    return {
        "_id": fact_id(fact),
        "request_id": fact.request_id,
        "type": fact.type,
        "at": moment_of(fact),
        "event": fact.model_dump(mode="json", exclude_none=True),
    }


def _fact(document: Document) -> Any:  # noqa: ANN401  # one of Fact, which the type on the document decides
    return _BY_TYPE[document["type"]].model_validate(document["event"])
