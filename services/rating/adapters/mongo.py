"""The ledger of quotes in MongoDB: one insert-only document each, with its unsent event inside."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import date
from typing import Final

from pydantic import TypeAdapter

from services.rating.domain.edition import Edition
from services.rating.domain.quote import Offer, PlainStep, Quote, document_id, parse_quote_no
from shared.events import Change, Option, Parcel, QuoteOffered, QuoteReferred, TariffRef
from shared.runtime.adapters.mongo import Database, Document, count_all, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.outbox import Announce, new_entry, outbox_fields

QUOTES: Final = "quotes"
EDITIONS: Final = "editions"
SOURCE: Final = "/mitsumori/rating"

_OPTIONS: Final = TypeAdapter(tuple[Option, ...])
_CHANGES: Final = TypeAdapter(tuple[Change, ...])


class MongoQuotes:
    """`Quotes` in the collection `quotes`; each new one is handed to the relay by *announce*."""

    def __init__(self, database: Database, announce: Announce) -> None:
        self._quotes = database[QUOTES]
        self._announce = announce

    async def prepare(self) -> None:
        """Create the indexes for what people look a quote up by: its id and the reception number."""
        with mongo_errors():
            await self._quotes.create_index({"quote_id": 1}, name="quote_id", unique=True)
            await self._quotes.create_index({"reception_no": 1, "revision": -1}, name="reception_no")

    async def add(self, quote: Quote, event: QuoteOffered | QuoteReferred) -> bool:
        relay = outbox_fields(event, document_id=quote.id, source=SOURCE, time=quote.issued_at)
        document = {**to_document(quote), "relay": relay}
        is_new = await insert_once(self._quotes, document)
        if is_new:
            self._announce(new_entry(QUOTES, document))
        return is_new

    async def revision(self, request_id: str, revision: int) -> Quote | None:
        return await self._latest({"_id": document_id(request_id, revision)})

    async def find(self, name: str) -> Quote | None:
        reception_no, revision = parse_quote_no(name)
        by_number = {"reception_no": reception_no} | ({} if revision is None else {"revision": revision})
        return await self._latest({"quote_id": name}) or await self._latest(by_number)

    async def every(self) -> AsyncIterator[Quote]:
        with mongo_errors():
            async for document in self._quotes.find({}, {"relay": 0}).sort("issued_at", 1):
                yield from_document(document)

    async def count(self) -> int:
        with mongo_errors():
            return await count_all(self._quotes)

    async def _latest(self, query: Document) -> Quote | None:
        with mongo_errors():
            document = await self._quotes.find_one(query, {"relay": 0}, sort=[("revision", -1)])
        return from_document(document) if document else None


class MongoEditions:
    """`Editions` in the collection `editions`. An edition that this process has added is not sent again."""

    def __init__(self, database: Database) -> None:
        self._editions = database[EDITIONS]
        self._added: set[str] = set()

    async def add(self, edition: Edition) -> None:
        if edition.id not in self._added:
            document = asdict(edition)
            await insert_once(self._editions, {"_id": document.pop("id"), **document})
            self._added.add(edition.id)

    async def get(self, edition_id: str) -> Edition | None:
        with mongo_errors():
            document = await self._editions.find_one({"_id": edition_id})
        return Edition(id=document.pop("_id"), **document) if document else None


def to_document(quote: Quote) -> Document:
    """The document of *quote*, without its event."""
    head = {
        "_id": quote.id,
        "quote_id": quote.quote_id,
        "request_id": quote.request_id,
        "reception_no": quote.reception_no,
        "product": quote.product,
        "revision": quote.revision,
        "tariff": quote.tariff.model_dump(),
        "engine": quote.engine,
        "edition": quote.edition,
        "form_version": quote.form_version,
        "issued_at": quote.issued_at,
        "answers": quote.answers.model_dump(),
        "worksheet": quote.worksheet.model_dump(),
        "decision": quote.decision,
    }
    offer = quote.offer
    if offer is None:
        return {**head, "result": "referred", "basis": "tariff"}
    return {
        **head,
        "result": "offered",
        "basis": offer.basis,
        "premium": offer.premium_yen,
        "options": _OPTIONS.dump_python(offer.options, mode="json"),
        "changes": _CHANGES.dump_python(offer.changes, mode="json"),
        "expires_on": offer.expires_on.isoformat(),
        "workings": [asdict(step) for step in offer.workings],
    }


def from_document(document: Document) -> Quote:
    """The quote in *document*, also in one that an earlier version wrote."""
    return Quote(
        request_id=document["request_id"],
        reception_no=document["reception_no"],
        product=document["product"],
        revision=document["revision"],
        form_version=document["form_version"],
        tariff=TariffRef(**document["tariff"]),
        edition=document["edition"],
        engine=document["engine"],
        issued_at=document["issued_at"],
        answers=Parcel(**document["answers"]),
        worksheet=Parcel(**document["worksheet"]),
        decision=document["decision"],
        offer=_offer(document) if document["result"] == "offered" else None,
    )


def _offer(document: Document) -> Offer:
    return Offer(
        basis=document["basis"],
        premium_yen=document["premium"],
        options=_OPTIONS.validate_python(document["options"]),
        changes=_CHANGES.validate_python(document["changes"]),
        workings=tuple(PlainStep(**step) for step in document["workings"]),
        expires_on=date.fromisoformat(document["expires_on"]),
    )
