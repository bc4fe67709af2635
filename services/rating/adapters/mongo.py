"""The ledger of quotes in MongoDB: one insert-only document each, with its unsent event inside."""

from datetime import datetime
from typing import Final

from services.rating.ports import Quote
from shared.events import QuoteOffered
from shared.runtime.adapters.mongo import Database, Document, insert_once, mongo_errors
from shared.runtime.outbox import Nudge, unsent

QUOTES: Final = "quotes"
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

    async def keep(self, quote: Quote) -> bool:
        """First insert wins, whoever else is inserting."""
        is_new = await insert_once(self._quotes, _document(quote))
        self._nudge()
        return is_new


def _document(quote: Quote) -> Document:
    event = quote.event
    return {
        "_id": quote.id,
        "quote_id": quote.id,
        "request_id": event.request_id,
        "reception_no": event.reception_no,
        "product": event.product,
        "revision": event.revision,
        "tariff": event.tariff.model_dump(),
        "engine": event.engine,
        "form_version": quote.form_version,
        "issued_at": event.issued_at,
        "answers": quote.answers.model_dump(),
        **_result(quote, event.issued_at),
    }


def _result(quote: Quote, issued_at: datetime) -> Document:
    event = quote.event
    relay = unsent(event, document_id=quote.id, source=SOURCE, time=issued_at)
    if not isinstance(event, QuoteOffered):
        return {"result": "referred", "relay": relay}
    return {
        "result": "offered",
        "premium": next(option.premium for option in event.options if option.chosen),
        "options": [option.model_dump(mode="json") for option in event.options],
        "expires_on": event.expires_on.isoformat(),
        "workings": list(quote.workings),
        "relay": relay,
    }
