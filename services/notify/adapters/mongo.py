"""notify's ledger of facts and letters.

The one mutable field is a letter's `due`, and only the methods of `MongoLetters` write it. It is a hint, so that the
dispatcher need not look at every letter; inserts alone decide whether a letter is sent (mongo_attempts.py).
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, get_args

import structlog

from services.notify.adapters.letter_documents import HEAD, head_of, letter_in
from services.notify.adapters.mongo_bounces import bounced_failure
from services.notify.adapters.mongo_looks import Looks
from services.notify.domain.due import letter_id
from services.notify.domain.facts import Fact, Failure, KnownFacts, WithoutRequest
from services.notify.domain.letter import Letter
from services.notify.domain.offer import end_of_validity
from services.notify.domain.pieces import Base64Piece, Piece, Pieces, SharedPiece, base64_lines
from shared.events import (
    AddressCorrected,
    CaseOverdue,
    QuoteOffered,
    QuoteReferred,
    QuoteReleased,
    RequestReceived,
    RequestReleased,
)
from shared.runtime.adapters.mongo import Database, Document, mongo_errors, not_waiting, tolerant
from shared.runtime.adapters.mongo_inserts import insert_once

log = structlog.get_logger(__name__)

LOOK_AGAIN_AFTER: Final = timedelta(minutes=10)
"""When a document that could not be read as a letter is looked at again: somebody may have mended it."""
_WITHOUT_REQUEST: Final = {event.type: event for event in get_args(WithoutRequest)}


class MongoFacts:
    """`Facts`: one document for each fact.

    It is not waited for: a letter that is kept shows that its facts are too, because MongoDB keeps what was written
    before, and a record is done only when all is (`all_kept`).
    """

    def __init__(self, database: Database) -> None:
        self._requests = not_waiting(database["requests"])
        self._quotes = not_waiting(database["quotes"])
        self._releases = not_waiting(database["releases"])
        self._corrections = not_waiting(database["corrections"])
        self._with_request = [database[name] for name in ("quotes", "releases", "outcomes", "corrections")]
        self._looks = Looks(self._requests)

    async def prepare(self) -> None:
        """Create the indexes for lookups by request."""
        with mongo_errors():
            for collection in self._with_request:
                await collection.create_index("request_id")

    async def add(self, fact: Fact) -> None:
        """The parcels of other readers are not kept."""
        match fact:
            case QuoteOffered() | QuoteReferred():
                about = {"_id": fact.quote_id, "request_id": fact.request_id}
                await insert_once(self._quotes, {**about, "type": fact.type, "event": _stored(fact)})
            case AddressCorrected():
                about = {"_id": fact.decision_id, "request_id": fact.request_id}
                await insert_once(self._corrections, {**about, "event": _stored(fact)})
            case QuoteReleased() | RequestReleased():
                # Of a whole request under its own id: nothing else of it can have been released before.
                released_id = fact.quote_id if isinstance(fact, QuoteReleased) else fact.request_id
                about = {"_id": released_id, "request_id": fact.request_id}
                await insert_once(self._releases, {**about, "released_at": fact.released_at})
            case _:
                await insert_once(self._requests, {"_id": fact.request_id, "type": fact.type, "event": _stored(fact)})

    async def known(self, request_id: str) -> KnownFacts:
        of: dict[str, list[Document]] = defaultdict(list)
        for document in await self._looks.of(request_id):
            of[document.get("from", "requests")].append(document)
        request, written = next(iter(of["requests"]), None), of["letters"]
        asked = _asked(request) if request else None
        released = {release["_id"]: release["released_at"] for release in of["releases"]}
        return KnownFacts(
            request=asked if isinstance(asked, RequestReceived) else None,
            alone=None if isinstance(asked, RequestReceived) else asked,
            quotes=tuple(_quote(document) for document in of["quotes"]),
            request_released_at=released.pop(request_id, None),
            released=released,
            failures=(*map(_failure, of["outcomes"]), *map(bounced_failure, of["bounces"])),
            written=frozenset(letter["_id"] for letter in written),
            corrections=tuple(AddressCorrected.model_validate(one["event"]) for one in of["corrections"]),
        )


class MongoLetters:
    """`Letters`: each document holds the fields of a letter and its bytes, which never change.

    A piece that letters share is a document of its own, kept before the first letter that refers to it.
    """

    def __init__(self, database: Database) -> None:
        self._letters = database.get_collection("letters", codec_options=tolerant(database))
        self._quotes = database["quotes"]
        self._shared = database["shared_pieces"]
        # As many as a product has brochures and versions of them: never many.
        self._known: dict[str, bytes] = {}
        self._finished: set[str] = set()

    async def prepare(self) -> None:
        """Create the indexes for letters that wait, and for lookups by request."""
        with mongo_errors():
            await self._letters.create_index("due", sparse=True)
            await self._letters.create_index("request_id")

    async def add(self, letter: Letter, content: Pieces) -> bool:
        """One insert keeps the letter, its bytes and when it is due."""
        for piece in content:
            if isinstance(piece, SharedPiece) and piece.sha256 not in self._known:
                await insert_once(self._shared, {"_id": piece.sha256, "content": piece.content})
                self._known[piece.sha256] = piece.content
        pieces = [_kept(each) for each in content]
        return await insert_once(self._letters, {"_id": letter.id, **head_of(letter), "pieces": pieces})

    async def next_due(self, now: datetime, excluding: Collection[str]) -> Letter | None:
        await self._mark_finished()
        waiting = {"due": {"$lte": now}, "_id": {"$nin": list(excluding)}}
        while True:
            with mongo_errors():
                head = await self._letters.find_one(waiting, dict.fromkeys(HEAD, 1), sort=[("due", 1)])
            if head is None:
                return None
            try:
                letter = letter_in(head)
                has_end = letter.until is not None or letter.kind != "quote"
                return letter if has_end else replace(letter, until=await self._end_of_quote(letter))
            except (KeyError, TypeError, ValueError) as error:
                # A damaged document must not keep the others waiting. Whoever mends it has the letter sent.
                facts = {"collection": "letters", "document_id": str(head["_id"]), "error": type(error).__name__}
                log.error("letter set aside", **facts)  # noqa: TRY400  # a traceback would show what is in the document
                await self._look_again(head["_id"], head["due"], now + LOOK_AGAIN_AFTER)

    async def _look_again(self, document_id: str, due: datetime, until: datetime) -> None:
        """A letter that is finished has no `due`, so it stays finished."""
        with mongo_errors():
            await self._letters.update_one({"_id": document_id, "due": due}, {"$set": {"due": until}})

    async def _end_of_quote(self, letter: Letter) -> datetime | None:
        """Until when a quote's letter is of use that an earlier version wrote, which did not keep that with it."""
        with mongo_errors():
            documents = await self._quotes.find({"request_id": letter.request_id}).to_list(None)
        quotes = [quote for quote in map(_quote, documents) if isinstance(quote, QuoteOffered)]
        ends = {letter_id("quote", quote.quote_id, quote.revision): quote.expires_on for quote in quotes}
        return end_of_validity(ends[letter.id]) if letter.id in ends else None

    async def content(self, letter_id: str) -> bytes:
        with mongo_errors():
            letter = await self._letters.find_one({"_id": letter_id}, {"pieces": 1, "content": 1})
        if letter is None:
            raise LookupError(letter_id)
        # A version before kept every letter whole.
        pieces = letter.get("pieces") or [letter["content"]]
        return b"".join([await self._bytes_of(piece) for piece in pieces])

    async def _bytes_of(self, piece: bytes | Document) -> bytes:
        if isinstance(piece, bytes):
            return piece
        if "base64" in piece:
            return base64_lines(piece["base64"])
        sha256 = piece["shared"]
        if sha256 not in self._known:
            with mongo_errors():
                kept = await self._shared.find_one({"_id": sha256})
            if kept is None:
                raise LookupError(sha256)
            self._known[sha256] = kept["content"]
        return self._known[sha256]

    async def postpone(self, letter: Letter, until: datetime) -> None:
        await self._look_again(letter.id, letter.due, until)

    async def finish(self, letter: Letter) -> None:
        """Marked together with others when somebody looks for what is due."""
        self._finished.add(letter.id)

    async def _mark_finished(self) -> None:
        if finished := [*self._finished]:
            with mongo_errors():
                await self._letters.update_many({"_id": {"$in": finished}}, {"$unset": {"due": ""}})
            self._finished.difference_update(finished)

    async def pending(self) -> int:
        await self._mark_finished()
        with mongo_errors():
            return await self._letters.count_documents({"due": {"$exists": True}})


def _kept(piece: Piece) -> bytes | Document:
    match piece:
        case SharedPiece():
            return {"shared": piece.sha256}
        case Base64Piece():
            return {"base64": piece.content}
        case _:
            return piece


def _stored(fact: RequestReceived | WithoutRequest | QuoteOffered | QuoteReferred | AddressCorrected) -> Document:
    if isinstance(fact, CaseOverdue):
        return fact.model_dump(mode="json", exclude_none=True)
    ours = {reader: parcel for reader, parcel in fact.parcels.items() if reader == "notify"}
    return fact.model_copy(update={"parcels": ours}).model_dump(mode="json", exclude_none=True)


def _asked(document: Document) -> RequestReceived | WithoutRequest:
    # A version that knew no link requests wrote its requests without a type.
    event: type[RequestReceived | WithoutRequest] = _WITHOUT_REQUEST.get(document.get("type", ""), RequestReceived)
    return event.model_validate(document["event"])


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
        # Versions before gave no reason, because they kept no outcome of a letter that could not be made.
        reason=document.get("reason"),
        corrected_by=document.get("corrected_by"),
    )
