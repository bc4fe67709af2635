"""The ledger of quotes in MongoDB: one insert-only document each, with its unsent event inside."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from pricing.engine.quote import document_id, numbered
from services.rating.ports import Edition, Kept, Quote
from shared.events import Parcel, QuoteOffered
from shared.runtime.adapters.mongo import Database, Document, insert_once, mongo_errors
from shared.runtime.outbox import Nudge, outbox_fields

QUOTES: Final = "quotes"
EDITIONS: Final = "editions"
SOURCE: Final = "/mitsumori/rating"


class MongoQuotes:
    """`Quotes` in the collection `quotes`; *nudge* wakes the relay after each new one."""

    def __init__(self, database: Database, nudge: Nudge) -> None:
        self._quotes = database[QUOTES]
        self._nudge = nudge

    async def prepare(self) -> None:
        """Index what people look a quote up by."""
        with mongo_errors():
            await self._quotes.create_index({"quote_id": 1}, name="quote_id", unique=True)
            await self._quotes.create_index({"reception_no": 1, "revision": -1}, name="reception_no")

    async def keep(self, quote: Quote) -> bool:
        """First insert wins, whoever else is inserting."""
        is_new = await insert_once(self._quotes, _document(quote))
        self._nudge()
        return is_new

    async def revision(self, request_id: str, revision: int) -> Kept | None:
        """By the document's own id."""
        return await self._one({"_id": document_id(request_id, revision)})

    async def named(self, word: str) -> Kept | None:
        """By the quote's id, or else by the number that is printed on it."""
        reception_no, revision = numbered(word)
        printed = {"reception_no": reception_no} | ({} if revision is None else {"revision": revision})
        return await self._one({"quote_id": word}) or await self._one(printed)

    async def every(self) -> AsyncIterator[Kept]:
        """In the order that they were kept in."""
        with mongo_errors():
            async for document in self._quotes.find({}, {"relay": 0}).sort("issued_at", 1):
                yield _kept(document)

    async def count(self) -> int:
        """How many there are."""
        with mongo_errors():
            return await self._quotes.count_documents({})

    async def _one(self, query: Document) -> Kept | None:
        with mongo_errors():
            document = await self._quotes.find_one(query, {"relay": 0}, sort=[("revision", -1)])
        return _kept(document) if document else None


class MongoEditions:
    """`Editions` in the collection `editions`. What this process has kept it does not offer again."""

    def __init__(self, database: Database) -> None:
        self._editions = database[EDITIONS]
        self._kept: set[str] = set()

    async def keep(self, edition: Edition) -> None:
        """One document each, by the hash of its texts."""
        if edition.id not in self._kept:
            await insert_once(
                self._editions,
                {
                    "_id": edition.id,
                    "product": edition.product,
                    "tariff": edition.tariff,
                    "tariff_text": edition.tariff_text,
                    "form_text": edition.form_text,
                },
            )
            self._kept.add(edition.id)

    async def get(self, edition_id: str) -> Edition | None:
        """As it was kept."""
        with mongo_errors():
            found = await self._editions.find_one({"_id": edition_id})
        return Edition(found.pop("_id"), **found) if found else None


def _document(quote: Quote) -> Document:
    event = quote.event
    return {
        "_id": quote.id,
        "quote_id": event.quote_id,
        "request_id": event.request_id,
        "reception_no": event.reception_no,
        "product": event.product,
        "revision": event.revision,
        "tariff": event.tariff.model_dump(),
        "engine": event.engine,
        "edition": quote.edition,
        "form_version": quote.form_version,
        "issued_at": event.issued_at,
        "answers": quote.answers.model_dump(),
        "worksheet": quote.worksheet.model_dump(),
        "decision": quote.decision,
        **_result(quote, event.issued_at),
    }


def _result(quote: Quote, issued_at: datetime) -> Document:
    event = quote.event
    relay = outbox_fields(event, document_id=quote.id, source=SOURCE, time=issued_at)
    if not isinstance(event, QuoteOffered):
        return {"result": "referred", "basis": "tariff", "relay": relay}
    return {
        "result": "offered",
        "basis": event.basis,
        "premium": event.options[0].premium,
        "options": [option.model_dump(mode="json") for option in event.options],
        "changes": [change.model_dump(mode="json") for change in event.changes],
        "expires_on": event.expires_on.isoformat(),
        "workings": list(quote.workings),
        "relay": relay,
    }


def _kept(document: Document) -> Kept:
    return Kept(
        quote_id=document["quote_id"],
        request_id=document["request_id"],
        reception_no=document["reception_no"],
        product=document["product"],
        revision=document["revision"],
        tariff_id=document["tariff"]["id"],
        tariff_sha256=document["tariff"]["sha256"],
        engine=document["engine"],
        form_version=document["form_version"],
        issued_at=document["issued_at"],
        edition=document["edition"],
        answers=Parcel(**document["answers"]),
        worksheet=Parcel(**document["worksheet"]),
        result=document["result"],
        basis=document["basis"],
        premium_yen=document.get("premium"),
        expires_on=document.get("expires_on"),
        decision=document["decision"],
    )
