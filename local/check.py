"""Whether every accepted request has come to its end, over the live ledgers: for `mitsumori check`.

Accepted = documents only + quoted + referred + set aside + erased before there was a quote; and every letter that is
due has been written. What is due is asked of notify's own rules, on what notify itself has received; what it never
received is missing too. Of a request that is erased nothing more is due.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from services.notify.adapters.mongo import MongoFacts
from services.notify.domain.due import letters_due
from services.registry import SERVICES, service
from shared.clock import Clock
from shared.products import Products
from shared.runtime.adapters.mongo import Database, Document, connect, mongo_errors, tolerant

GRACE: Final = timedelta(seconds=120)
"""What is not there for so long is missing. Before, it is on its way."""
_BATCH: Final = 500
_WANTED: Final = ("accepted_at", "reception_no", "product", "wishes.quote")

Where = Literal["quote", "not-received", "quote-not-received", "letter", "case"]
"""What is missing: a quote; at notify, the request or its quote; a letter; at the dashboard, the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """`kind`: of a letter. `since`: when it became due."""

    reception_no: str
    where: Where
    since: datetime
    kind: str = ""


@dataclass(slots=True, kw_only=True)
class Sums:
    """Every request that was accepted is in one of the six numbers, or its quote is missing."""

    accepted: int = 0
    documents_only: int = 0
    quoted: int = 0
    referred: int = 0
    set_aside: int = 0
    """Without a quote, and with a record that waits for a person or a key."""
    erased: int = 0
    """Before it had a quote. One that had is counted with it."""
    on_its_way: int = 0
    without_quote: int = 0
    letters_waiting: int = 0
    events_waiting: int = 0
    events_parked: int = 0
    dead_letters: int = 0
    waiting_for_key: int = 0
    missing: list[Missing] = field(default_factory=list)

    @property
    def adds_up(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    @property
    def needs_somebody(self) -> bool:
        """Whether something stays as it is until a person acts: a request that is missing, or a record."""
        return bool(self.missing or self.events_parked or self.dead_letters or self.waiting_for_key)


async def check_ledgers(mongo: str, products: Products, now: Clock) -> Sums:
    """Look at every request once. Raises `Unavailable`."""
    sums = Sums()
    async with connect(mongo, service("intake").database) as intake:
        databases = {
            str(one.name): intake.client.get_database(one.database, codec_options=tolerant(intake)) for one in SERVICES
        }
        look = _Look(databases, products, now(), sums)
        async for requests in _batches(databases["intake"]):
            await look.at(requests)
        await _count(databases, sums)
    return sums


async def _batches(intake: Database) -> AsyncIterator[list[Document]]:
    after = ""
    while True:
        with mongo_errors():
            cursor = intake["requests"].find({"_id": {"$gt": after}}, dict.fromkeys(_WANTED, 1), limit=_BATCH)
            found = await cursor.sort("_id", 1).to_list(None)
        if not found:
            return
        yield found
        after = found[-1]["_id"]


class _Look:
    def __init__(self, databases: Mapping[str, Database], products: Products, now: datetime, sums: Sums) -> None:
        self._of = databases
        self._products = products
        self._before = now - GRACE
        self._now = now
        self._sums = sums
        self._facts = MongoFacts(databases["notify"])

    async def at(self, requests: Sequence[Document]) -> None:
        """Count them, and note what is missing of each."""
        ids = [one["_id"] for one in requests]
        quotes: dict[str, list[Document]] = {}
        for quote in await self._found("rating", "quotes", {"request_id": {"$in": ids}}, "request_id", "result"):
            quotes.setdefault(quote["request_id"], []).append(quote)
        cases = {one["_id"] for one in await self._found("dashboard", "requests", {"_id": {"$in": ids}}, "_id")}
        aside = {name: await self._set_aside(name, ids) for name in self._of}
        erased = {one["_id"] for one in await self._found("intake", "erased", {"_id": {"$in": ids}}, "_id")}
        for request in requests:
            mine, request_id = quotes.get(request["_id"], []), request["_id"]
            is_erased = request_id in erased
            self._ending(request, mine, is_set_aside=request_id in aside["rating"], is_erased=is_erased)
            if is_erased:
                continue
            if request_id not in cases and request_id not in aside["dashboard"]:
                self._note(request, "case", request["accepted_at"])
            if request_id not in aside["notify"]:
                await self._letters(request, mine)

    def _ending(self, request: Document, quotes: Sequence[Document], *, is_set_aside: bool, is_erased: bool) -> None:
        self._sums.accepted += 1
        if not request["wishes"]["quote"]:
            self._sums.documents_only += 1
        elif quotes:
            latest = max(quotes, key=lambda quote: int(quote["revision"]))
            if latest["result"] == "offered":
                self._sums.quoted += 1
            else:
                self._sums.referred += 1
        elif is_erased:
            self._sums.erased += 1
        elif is_set_aside:
            self._sums.set_aside += 1
        elif request["accepted_at"] > self._before:
            self._sums.on_its_way += 1
        else:
            self._sums.without_quote += 1
            self._note(request, "quote", request["accepted_at"])

    async def _letters(self, request: Document, quotes: Sequence[Document]) -> None:
        known = await self._facts.known(request["_id"])
        if known.request is None:
            return self._note(request, "not-received", request["accepted_at"])
        received = {quote.quote_id for quote in known.quotes}
        for quote in quotes:
            if quote["quote_id"] not in received:
                self._note(request, "quote-not-received", quote["issued_at"])
        product = self._products.get(request["product"])
        ended = {*known.written, *(failure.letter_id for failure in known.failures)}
        for due in letters_due(known, product.release if product else "desk"):
            until = due.occasion.until
            if due.letter_id not in ended and (until is None or until > self._now):
                self._note(request, "letter", due.occasion.since, due.kind)
        return None

    def _note(self, request: Document, where: Where, since: datetime, kind: str = "") -> None:
        if since <= self._before:
            number = str(request["reception_no"])
            self._sums.missing.append(Missing(reception_no=number, where=where, since=since, kind=kind))

    async def _set_aside(self, name: str, ids: Sequence[str]) -> set[str]:
        found = await self._found(name, "dead_letters", {"end": None, "subject": {"$in": ids}}, "subject")
        return {one["subject"] for one in found}

    async def _found(self, name: str, collection: str, query: Document, *fields: str) -> list[Any]:
        wanted = dict.fromkeys((*fields, "revision", "quote_id", "issued_at"), 1)
        with mongo_errors():
            return await self._of[name][collection].find(query, wanted).to_list(None)


async def _count(databases: Mapping[str, Database], sums: Sums) -> None:
    """What waits, without a request to name."""
    with mongo_errors():
        sums.letters_waiting = await databases["notify"]["letters"].count_documents({"due": {"$exists": True}})
        for one in SERVICES:
            database = databases[one.name]
            letters = database["dead_letters"]
            sums.dead_letters += await letters.count_documents({"end": None, "waits_for": None})
            sums.waiting_for_key += await letters.count_documents({"waits_for": {"$exists": True}})
            for outbox in one.outboxes:
                sums.events_waiting += await database[outbox].count_documents({"relay.state": "pending"})
                sums.events_parked += await database[outbox].count_documents({"relay.state": "parked"})
