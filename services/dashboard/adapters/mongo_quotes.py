"""The quotes in MongoDB across cases: the facts that `mongo.py` keeps, read in the order of time."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import structlog

from services.dashboard.adapters.mongo_facts import fact_of
from services.dashboard.domain.facts import BrokenFact, Fact
from services.dashboard.domain.quote_listing import Quote, QuoteFilter, QuoteOutcome, QuotePlace
from shared.events import QuoteOffered, QuoteReferred
from shared.runtime.adapters.mongo import Database, Document, mongo_errors, not_waiting, tolerant

log = structlog.get_logger(__name__)

_TYPES: Final = {QuoteOutcome.OFFERED: QuoteOffered.type, QuoteOutcome.REFERRED: QuoteReferred.type}


class MongoQuotes:
    """`Quotes` in the collection quotes, which `MongoCases` writes."""

    def __init__(self, database: Database) -> None:
        self._quotes = not_waiting(database.with_options(codec_options=tolerant(database))["quotes"])

    async def prepare(self) -> None:
        """Create the index of their order."""
        with mongo_errors():
            await self._quotes.create_index([("at", -1), ("_id", -1)], name="newest")

    async def page(self, wanted: QuoteFilter, after: QuotePlace | None, limit: int) -> Sequence[Quote]:
        found: list[Document] = []
        if wanted.outcomes:
            found.append({"type": {"$in": [_TYPES[outcome] for outcome in sorted(wanted.outcomes)]}})
        if wanted.request_id is not None:
            found.append({"request_id": wanted.request_id})
        if wanted.issued_from:
            found.append({"at": {"$gte": wanted.issued_from}})
        if after:
            beyond = [{"at": {"$lt": after.issued_at}}, {"_id": {"$lt": after.quote_id}}]
            found += [{"at": {"$lte": after.issued_at}}, {"$or": beyond}]
        with mongo_errors():
            cursor = self._quotes.find({"$and": found} if found else {}, limit=limit)
            documents = await cursor.sort([("at", -1), ("_id", -1)]).to_list(None)
        return list(_whole(fact_of("quotes", document) for document in documents))

    async def find(self, quote_id: str) -> Quote | None:
        with mongo_errors():
            document = await self._quotes.find_one({"_id": quote_id})
        return next(_whole([fact_of("quotes", document)]), None) if document else None


def _whole(facts: Iterable[Fact | BrokenFact]) -> Iterator[Quote]:
    for fact in facts:
        if isinstance(fact, QuoteOffered | QuoteReferred):
            yield fact
        else:
            log.warning("quote left out", request_id=fact.request_id, reason="broken")
