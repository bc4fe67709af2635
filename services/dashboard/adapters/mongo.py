"""The facts in MongoDB: insert-only, one collection a kind, joined by request when somebody looks.

A fact is stored as the JSON of its event, so that a later version of the dashboard reads what an earlier one stored.
Whatever else lies there is a `BrokenFact`: one damaged document must not take the list away from everybody.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from bson.errors import InvalidDocument
from pydantic import ValidationError

from services.dashboard.adapters.mongo_states import OF_STATE, SUSPICIOUS
from services.dashboard.domain.case import BrokenCase, Case, State, case_of
from services.dashboard.domain.facts import BrokenFact, Decision, Fact, fact_id, moment_of
from services.dashboard.ports import Page
from shared.errors import Invalid
from shared.events import (
    Event,
    LetterFailed,
    LetterSent,
    QuoteDecided,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
    RequestReleased,
)
from shared.runtime.adapters.mongo import Collection, Database, Document, mongo_errors, tolerant
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.outbox import Announce, new_entry, outbox_fields

_COLLECTIONS: Final[dict[type[Event], str]] = {
    RequestReceived: "requests",
    QuoteOffered: "quotes",
    QuoteReferred: "quotes",
    LetterSent: "letters",
    LetterFailed: "letters",
    QuoteReleased: "decisions",
    RequestReleased: "decisions",
    QuoteDecided: "decisions",
}
_BY_ADDRESS: Final = {(name, event.type): event for event, name in _COLLECTIONS.items()}
_FOLLOWS: Final = ("quotes", "letters", "decisions")
_SOURCE: Final = "/mitsumori/dashboard"
_MOST_OF_A_CASE: Final = 200
_MOST_OF_A_PAGE: Final = 1_000
"""Facts that are read of one collection. A request may have thousands, and nobody would read them on a page."""


class MongoCases:
    """`Cases` in the collections requests, quotes, letters and decisions."""

    def __init__(self, database: Database) -> None:
        self._database = database.with_options(codec_options=tolerant(database))
        # Motor makes a new collection, and with it two objects of PyMongo, each time it is asked for one.
        self._of = {event: self._database[name] for event, name in _COLLECTIONS.items()}

    async def prepare(self) -> None:
        """Create the indexes for the list, newest first, and for the newest facts of one request."""
        with mongo_errors():
            await self._database["requests"].create_index({"at": -1, "_id": -1}, name="newest_first")
            for name in _FOLLOWS:
                await self._database[name].create_index({"request_id": 1, "at": -1}, name="newest_of_request")

    async def add(self, fact: Fact) -> bool:
        try:
            return await insert_once(self._of[type(fact)], _document(fact))
        except (InvalidDocument, OverflowError):
            raise Invalid("cannot-be-stored") from None

    async def find(self, request_id: str) -> Case | BrokenCase | None:
        requests = await self._read("requests", {"_id": request_id})
        following, is_cut = await self._newest([request_id], _MOST_OF_A_CASE) if requests else ([], False)
        return _joined(requests + following, is_cut=is_cut)

    async def page(self, state: State | None, skip: int, limit: int, *, suspicious: bool = False) -> Page:
        ids = [{"$sort": {"at": -1, "_id": -1}}, {"$skip": skip}, {"$limit": limit}, {"$project": {"_id": 1}}]
        filters = [SUSPICIOUS] if suspicious else []
        pipeline = [*filters, *OF_STATE[state], {"$facet": {"counted": [{"$count": "total"}], "ids": ids}}]
        with mongo_errors():
            [page] = await self._database["requests"].aggregate(pipeline).to_list(1)
        request_ids = [document["_id"] for document in page["ids"]]
        facts: dict[str, list[Fact | BrokenFact]] = defaultdict(list)
        for fact in await self._facts_of_page(request_ids):
            facts[fact.request_id].append(fact)
        cases = (_joined(facts[str(request_id)]) for request_id in request_ids)
        return Page(tuple(case for case in cases if case), sum(count["total"] for count in page["counted"]))

    async def _facts_of_page(self, request_ids: Sequence[Any]) -> list[Fact | BrokenFact]:
        if not request_ids:
            return []
        of_page = {"request_id": {"$in": list(request_ids)}}
        requests, *following = await asyncio.gather(
            self._read("requests", {"_id": {"$in": list(request_ids)}}),
            *(self._read(name, of_page, limit=_MOST_OF_A_PAGE) for name in _FOLLOWS),
        )
        if any(len(facts) == _MOST_OF_A_PAGE for facts in following):
            # One request has very many: then each is asked for on its own, so that the others lose nothing.
            return requests + (await self._newest(request_ids, _MOST_OF_A_PAGE // len(request_ids)))[0]
        return requests + [fact for facts in following for fact in facts]

    async def _newest(self, request_ids: Sequence[Any], most: int) -> tuple[list[Fact | BrokenFact], bool]:
        """At most *most* facts of each request and collection, and whether there are more."""
        newest, is_cut = [], False
        for request_id in request_ids:
            of_request = {"request_id": request_id}
            for facts in await asyncio.gather(
                *(self._read(name, of_request, newest_first=True, limit=most + 1) for name in _FOLLOWS)
            ):
                is_cut |= len(facts) > most
                newest += facts[:most]
        return newest, is_cut

    async def _read(
        self, name: str, query: Document, *, newest_first: bool = False, limit: int = 0
    ) -> list[Fact | BrokenFact]:
        """A *limit* of 0 is none. In any order unless *newest_first*, which costs the database a sort."""
        with mongo_errors():
            cursor = self._database[name].find(query, {"request_id": 1, "type": 1, "event": 1}, limit=limit)
            documents = await (cursor.sort("at", -1) if newest_first else cursor).to_list(None)
        return [_fact(name, document) for document in documents]


class MongoDecisions:
    """`Decisions`: the document that holds a decision holds its unsent event too."""

    def __init__(self, database: Database, announce: Announce) -> None:
        self._decisions: Collection = database["decisions"]
        self._announce = announce

    async def add(self, decision: Decision) -> bool:
        document = _document(decision)
        document["relay"] = outbox_fields(
            decision, document_id=document["_id"], source=_SOURCE, time=decision.released_at
        )
        is_new = await insert_once(self._decisions, document)
        if is_new:
            self._announce(new_entry("decisions", document))
        return is_new


def _document(fact: Fact) -> Document:
    return {
        "_id": fact_id(fact),
        "request_id": fact.request_id,
        "type": fact.type,
        "at": moment_of(fact),
        "event": fact.model_dump(mode="json", exclude_none=True),
    }


def _fact(name: str, document: Document) -> Fact | BrokenFact:
    """The fact in a *document* of the collection *name*; broken also when it is stored as something else than it is."""
    try:
        fact: Any = _BY_ADDRESS[name, document["type"]].model_validate(document["event"])
    except (KeyError, TypeError, ValidationError):
        fact = None
    if fact and fact_id(fact) == document["_id"] and fact.request_id == document["request_id"]:
        return fact  # type: ignore[no-any-return]  # one of Fact, which the type on the document decides
    found = str(document["_id"]), str(document.get("type", ""))
    request_id = found[0] if name == "requests" else str(document.get("request_id", ""))
    return BrokenFact(id=found[0], request_id=request_id, type=found[1])


def _joined(facts: Iterable[Fact | BrokenFact], *, is_cut: bool = False) -> Case | BrokenCase | None:
    whole: list[Fact] = []
    broken: list[BrokenFact] = []
    for fact in facts:
        if isinstance(fact, BrokenFact):
            broken.append(fact)
        else:
            whole.append(fact)
    return case_of(whole, broken, is_cut=is_cut)
