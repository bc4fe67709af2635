"""The facts in MongoDB: insert-only, one collection a kind, joined by request when somebody looks.

A fact is stored as the JSON of its event, so that a later version of the dashboard reads what an earlier one stored.
Whatever else lies there is a `BrokenFact`: one damaged document must not take the list away from everybody.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count
from typing import Any, Final, get_args

from bson.errors import InvalidDocument
from pydantic import ValidationError
from pymongo.errors import DuplicateKeyError

from services.dashboard.domain.case import BrokenCase, Case, case_of
from services.dashboard.domain.facts import BrokenFact, Decided, Fact, Work, fact_id, moment_of
from services.dashboard.domain.take_back import HELD_FOR, is_held
from services.dashboard.ports.cases import Added, Withdrawn
from shared.errors import Invalid
from shared.events import (
    DecisionWithdrawn,
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
from shared.runtime.adapters.mongo_inserts import Clash, insert_once
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
    **dict.fromkeys(get_args(Work), "decisions"),
}
_BY_ADDRESS: Final = {(name, event.type): event for event, name in _COLLECTIONS.items()}
_FOLLOWS: Final = ("quotes", "letters", "decisions")
FACT_COLLECTIONS: Final = ("requests", *_FOLLOWS)
_SOURCE: Final = "/mitsumori/dashboard"
_READ: Final = dict.fromkeys(("request_id", "type", "at", "event", "fact_id"), 1)
"""`fact_id` is only there where the id of the document is another."""
_MOST_OF_A_CASE: Final = 200
"""Facts that are read of one collection. A request may have thousands, and nobody would read them on a page."""


class MongoCases:
    """`Cases` in the collections requests, quotes, letters and decisions."""

    def __init__(self, database: Database) -> None:
        self._database = database.with_options(codec_options=tolerant(database))
        # Motor makes a new collection, and with it two objects of PyMongo, each time it is asked for one.
        self._of = {event: self._database[name] for event, name in _COLLECTIONS.items()}

    async def prepare(self) -> None:
        """Create the indexes for the newest facts of one request, and for those that were closed for it."""
        with mongo_errors():
            for name in _FOLLOWS:
                await self._database[name].create_index({"request_id": 1, "at": -1}, name="newest_of_request")
            await self._database["decisions"].create_index({"event.same_as": 1}, name="same_as", sparse=True)

    async def add(self, fact: Fact) -> bool:
        try:
            _, document = document_of(fact)
            return await insert_once(self._of[type(fact)], document)
        except (InvalidDocument, OverflowError):
            raise Invalid("cannot-be-stored") from None

    async def find(self, request_id: str) -> Case | BrokenCase | None:
        requests = await self._read("requests", {"_id": request_id})
        following, is_cut = await self._newest([request_id], _MOST_OF_A_CASE) if requests else ([], False)
        return _joined(requests + following, is_cut=is_cut)

    async def find_many(self, request_ids: Sequence[str]) -> Sequence[Case | BrokenCase]:
        facts: dict[str, list[Fact | BrokenFact]] = defaultdict(list)
        for fact in await self._facts_of(request_ids):
            facts[fact.request_id].append(fact)
        cases = (_joined(facts[request_id]) for request_id in request_ids)
        return [case for case in cases if case]

    async def closed_as_same(self, request_id: str, most: int) -> Sequence[str]:
        with mongo_errors():
            cursor = self._database["decisions"].find({"event.same_as": request_id}, {"request_id": 1}, limit=most)
            return list(dict.fromkeys([document["request_id"] for document in await cursor.to_list(None)]))

    async def count(self) -> int:
        with mongo_errors():
            return await self._database["requests"].estimated_document_count()

    async def ids_after(self, request_id: str, limit: int) -> Sequence[str]:
        with mongo_errors():
            cursor = self._database["requests"].find({"_id": {"$gt": request_id}}, {"_id": 1}, limit=limit)
            return [document["_id"] for document in await cursor.sort("_id", 1).to_list(None)]

    async def _facts_of(self, request_ids: Sequence[str]) -> list[Fact | BrokenFact]:
        if not request_ids:
            return []
        most, of_all = _MOST_OF_A_CASE * len(request_ids), {"request_id": {"$in": list(request_ids)}}
        requests, *following = await asyncio.gather(
            self._read("requests", {"_id": {"$in": list(request_ids)}}),
            *(self._read(name, of_all, limit=most) for name in _FOLLOWS),
        )
        if any(len(facts) == most for facts in following):
            # One request has very many: then each is asked for on its own, so that the others lose nothing.
            return requests + (await self._newest(request_ids, _MOST_OF_A_CASE))[0]
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
            cursor = self._database[name].find(query, _READ, limit=limit)
            documents = await (cursor.sort("at", -1) if newest_first else cursor).to_list(None)
        return [fact_of(name, document) for document in documents]


class MongoDecisions:
    """`Decisions`: the document that holds a decision holds its unsent event too.

    `seq` makes decisions of one case exclude each other: the database takes each number once.
    """

    def __init__(self, database: Database, announce: Announce) -> None:
        self._decisions: Collection = database["decisions"]
        self._announce = announce

    async def prepare(self) -> None:
        """Create the index by which one decision overtakes another."""
        with mongo_errors():
            await self._decisions.create_index(
                {"request_id": 1, "seq": 1},
                name="one_after_another",
                unique=True,
                partialFilterExpression={"seq": {"$exists": True}},
            )

    async def add(self, decision: Decided, *, after: int | None = None) -> Added:
        _, document = document_of(decision)
        document |= {} if after is None else {"seq": after + 1}
        held_for = HELD_FOR if is_held(decision) else None
        for attempt in count(2):
            document["relay"] = outbox_fields(
                decision, document_id=document["_id"], source=_SOURCE, time=moment_of(decision), held_for=held_for
            )
            try:
                is_new = await insert_once(self._decisions, document)
            except Clash:
                return Added.OVERTAKEN
            if is_new or not await self._is_withdrawn(document["_id"]):
                break
            # The same was decided before and taken back, which is what the document with its id says now.
            document |= {"_id": f"{fact_id(decision)}:{attempt}", "fact_id": fact_id(decision)}
        if is_new and held_for is None:
            self._announce(new_entry("decisions", document))
        return Added.KEPT if is_new else Added.KNOWN

    async def withdraw(
        self, decision_id: str, withdrawal: DecisionWithdrawn, *, after: int, before: datetime
    ) -> Withdrawn:
        """One update makes the document of the decision that of its withdrawal, with all that it held inside."""
        _, fact = document_of(withdrawal)
        relay = outbox_fields(withdrawal, document_id=fact["_id"], source=_SOURCE, time=moment_of(withdrawal))
        becomes = {"fact_id": fact.pop("_id"), **fact, "relay": relay}
        held_longer = {"relay.state": "pending", "relay.revocable": True, "relay.due": {"$gt": before}}
        named = {"request_id": withdrawal.request_id, "$or": [{"_id": decision_id}, {"fact_id": decision_id}]}
        asked = {**named, **held_longer}
        kept = {"withdrawn": {"type": "$type", "at": "$at", "event": "$event"}}
        # Its number and the next are taken: whoever has seen fewer decisions must look again.
        numbers = {"seq": {"$cond": [{"$isNumber": "$seq"}, ["$seq", after + 1], after + 1]}}
        update = [{"$set": {**kept, **numbers, **{name: {"$literal": value} for name, value in becomes.items()}}}]
        try:
            with mongo_errors():
                found: Document | None = await self._decisions.find_one_and_update(asked, update, {"_id": 1})
        except DuplicateKeyError:
            return Withdrawn.OVERTAKEN
        if found is None:
            return Withdrawn.TOO_LATE
        self._announce(new_entry("decisions", becomes | found))
        return Withdrawn.DONE

    async def _is_withdrawn(self, document_id: str) -> bool:
        with mongo_errors():
            found = await self._decisions.find_one({"_id": document_id}, {"withdrawn": 1})
        return bool(found and "withdrawn" in found)


def document_of(fact: Fact) -> tuple[str, Document]:
    """The collection that keeps *fact*, and its document there."""
    return _COLLECTIONS[type(fact)], {
        "_id": fact_id(fact),
        "request_id": fact.request_id,
        "type": fact.type,
        "at": moment_of(fact),
        "event": fact.model_dump(mode="json", exclude_none=True),
    }


def fact_of(name: str, document: Document) -> Fact | BrokenFact:
    """The fact in a *document* of the collection *name*; broken also when it is stored as something else than it is."""
    try:
        fact: Any = _BY_ADDRESS[name, document["type"]].model_validate(document["event"])
    except (KeyError, TypeError, ValidationError):
        fact = None
    if fact and fact_id(fact) == document.get("fact_id", document["_id"]) and fact.request_id == document["request_id"]:
        return fact  # type: ignore[no-any-return]  # one of Fact, which the type on the document decides
    found = str(document["_id"]), str(document.get("type", ""))
    request_id = found[0] if name == "requests" else str(document.get("request_id", ""))
    at = document.get("at")
    return BrokenFact(id=found[0], request_id=request_id, type=found[1], at=at if isinstance(at, datetime) else None)


def _joined(facts: Iterable[Fact | BrokenFact], *, is_cut: bool = False) -> Case | BrokenCase | None:
    whole: list[Fact] = []
    broken: list[BrokenFact] = []
    for fact in facts:
        if isinstance(fact, BrokenFact):
            broken.append(fact)
        else:
            whole.append(fact)
    return case_of(whole, broken, is_cut=is_cut)
