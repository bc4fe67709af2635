"""notify's ledger: insert-only facts, letters, attempts and outcomes.

The one mutable field is a letter's `due`, and only the methods of `MongoLetters` write it. It is a hint that spares
the postmen looking through every letter; whether a letter is sent is decided by inserts alone.
"""

import hashlib
from collections.abc import Collection as Several
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from services.notify.domain.attempts import Claim, Ended, Result, Step, Token
from services.notify.domain.due import Failure, Known
from services.notify.ports import Fact, Letter
from shared.events import LetterFailed, LetterSent, QuoteOffered, QuoteReferred, QuoteReleased, RequestReceived
from shared.runtime.adapters.mongo import Database, Document, insert_once, mongo_errors
from shared.runtime.outbox import Nudge, unsent

SOURCE: Final = "/mitsumori/notify"
_STEPS: Final[dict[str, type[Step]]] = {"claim": Claim, "token": Token, "result": Result}
_HEAD: Final = tuple(field.name for field in fields(Letter) if field.name != "id")


class MongoFacts:
    """`Facts`: what was heard, one document a fact."""

    def __init__(self, database: Database) -> None:
        self._requests = database["requests"]
        self._quotes = database["quotes"]
        self._releases = database["releases"]
        self._outcomes = database["outcomes"]

    async def prepare(self) -> None:
        """Index what is looked up by request."""
        with mongo_errors():
            for collection in (self._quotes, self._releases, self._outcomes):
                await collection.create_index("request_id")

    async def add(self, fact: Fact) -> None:
        """Keep *fact*; the parcels of other readers are not ours to keep."""
        match fact:
            case RequestReceived():
                ours = {reader: parcel for reader, parcel in fact.parcels.items() if reader == "notify"}
                fact = fact.model_copy(update={"parcels": ours})
                await insert_once(self._requests, {"_id": fact.request_id, "event": _stored(fact)})
            case QuoteOffered() | QuoteReferred():
                fact = fact.model_copy(update={"parcels": {}})
                await insert_once(
                    self._quotes,
                    {"_id": fact.quote_id, "request_id": fact.request_id, "type": fact.type, "event": _stored(fact)},
                )
            case QuoteReleased():
                await insert_once(
                    self._releases,
                    {"_id": fact.quote_id, "request_id": fact.request_id, "released_at": fact.released_at},
                )

    async def known(self, request_id: str) -> Known:
        """All that was heard of the request, and which of its letters failed."""
        of_request = {"request_id": request_id}
        with mongo_errors():
            request = await self._requests.find_one({"_id": request_id})
            quotes = [_quote(document) async for document in self._quotes.find(of_request)]
            released = {found["_id"]: found["released_at"] async for found in self._releases.find(of_request)}
            failures = [_failure(document) async for document in self._outcomes.find({**of_request, "sent": False})]
        return Known(
            request=RequestReceived.model_validate(request["event"]) if request else None,
            quotes=tuple(quotes),
            released=released,
            failures=tuple(failures),
        )


class MongoLetters:
    """`Letters`: each document holds a letter's head and its frozen bytes."""

    def __init__(self, database: Database) -> None:
        self._letters = database["letters"]

    async def prepare(self) -> None:
        """Index what waits, and what is looked up by request."""
        with mongo_errors():
            await self._letters.create_index("due", sparse=True)
            await self._letters.create_index("request_id")

    async def keep(self, letter: Letter, content: bytes) -> bool:
        """One insert makes the letter, its bytes and that it waits."""
        head = asdict(letter)
        sha256 = hashlib.sha256(content).hexdigest()
        return await insert_once(self._letters, {"_id": head.pop("id"), **head, "sha256": sha256, "content": content})

    async def written(self, request_id: str) -> frozenset[str]:
        """The ids of this request's letters."""
        with mongo_errors():
            return frozenset(
                [found["_id"] async for found in self._letters.find({"request_id": request_id}, {"_id": 1})]
            )

    async def next_due(self, now: datetime, beside: Several[str]) -> Letter | None:
        """The one that has waited longest."""
        waiting = {"due": {"$lte": now}, "_id": {"$nin": list(beside)}}
        with mongo_errors():
            found = await self._letters.find_one(waiting, dict.fromkeys(_HEAD, 1), sort=[("due", 1)])
        return Letter(id=found.pop("_id"), **found) if found else None

    async def content(self, letter_id: str) -> bytes:
        """Its bytes, as they were first written."""
        with mongo_errors():
            found = await self._letters.find_one({"_id": letter_id}, {"content": 1})
        if found is None:
            raise LookupError(letter_id)
        return bytes(found["content"])

    async def look_again(self, letter: Letter, at: datetime) -> None:
        """Not before *at*; a letter that was put away stays away."""
        with mongo_errors():
            await self._letters.update_one({"_id": letter.id, "due": letter.due}, {"$set": {"due": at}})

    async def done(self, letter: Letter) -> None:
        """Never again."""
        with mongo_errors():
            await self._letters.update_one({"_id": letter.id}, {"$unset": {"due": ""}})

    async def pending(self) -> int:
        """How many have a `due`."""
        with mongo_errors():
            return await self._letters.count_documents({"due": {"$exists": True}}, hint="due_1")


class MongoAttempts:
    """`Attempts`: every step is one document, and inserting it is the lock."""

    def __init__(self, database: Database) -> None:
        self._attempts = database["attempts"]

    async def prepare(self) -> None:
        """Index what is looked up by letter."""
        with mongo_errors():
            await self._attempts.create_index("letter_id")

    async def of(self, letter_id: str) -> list[Step]:
        """All steps ever kept about this letter."""
        with mongo_errors():
            return [_step(document) async for document in self._attempts.find({"letter_id": letter_id})]

    async def keep(self, step: Step) -> bool:
        """True if the kept step is ours, also when the connection broke before Mongo could say so."""
        name = type(step).__name__.lower()
        if await insert_once(self._attempts, {"_id": step.id, "step": name, **asdict(step)}):
            return True
        with mongo_errors():
            kept = await self._attempts.find_one({"_id": step.id}, {"by": 1})
        return kept is not None and kept["by"] == step.by


class MongoOutcomes:
    """`Outcomes`: each document holds a letter's fate and the event that tells it."""

    def __init__(self, database: Database, nudge: Nudge) -> None:
        self._outcomes = database["outcomes"]
        self._nudge = nudge

    async def settle(self, letter: Letter, end: Ended) -> bool:
        """Keep the fate and wake the relay."""
        told = unsent(_event(letter, end), document_id=letter.id, source=SOURCE, time=end.at)
        kept = await insert_once(
            self._outcomes,
            {"_id": letter.id, "request_id": letter.request_id, "kind": letter.kind, **asdict(end), "relay": told},
        )
        self._nudge()
        return kept


def _event(letter: Letter, end: Ended) -> LetterSent | LetterFailed:
    head: dict[str, Any] = {
        "request_id": letter.request_id,
        "letter_id": letter.id,
        "reception_no": letter.reception_no,
        "product": letter.product,
        "kind": letter.kind,
        "attempts": end.attempts,
    }
    if end.sent:
        return LetterSent(**head, sent_at=end.at, ambiguous=end.ambiguous)
    return LetterFailed(**head, failed_at=end.at, reply_code=end.code)


def _stored(fact: RequestReceived | QuoteOffered | QuoteReferred) -> Document:
    return fact.model_dump(mode="json", exclude_none=True)


def _quote(document: Document) -> QuoteOffered | QuoteReferred:
    event = QuoteOffered if document["type"] == QuoteOffered.type else QuoteReferred
    return event.model_validate(document["event"])


def _failure(document: Document) -> Failure:
    return Failure(
        letter_id=document["_id"],
        kind=document["kind"],
        failed_at=document["at"],
        attempts=document["attempts"],
        reply_code=document["code"],
    )


def _step(document: Document) -> Step:
    kind = _STEPS[document["step"]]
    return kind(**{field.name: document[field.name] for field in fields(kind)})
