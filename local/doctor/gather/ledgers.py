"""Counts what waits in the ledgers, by the services' own adapters where they have one."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from local.dead_letters import find_groups
from local.doctor.facts import AskedForms, Outboxes, ParkedEvents, SetAside, WaitingLetters
from local.doctor.gather.mongo import age, known
from local.doctor.gather.products import NO_PRODUCTS
from services.registry import ServiceName, service
from shared.clock import Clock
from shared.products import Products
from shared.runtime.adapters.mongo import Database, connect, tolerant
from shared.runtime.adapters.mongo_outbox import MongoOutbox

KINDS: Final = (Outboxes, ParkedEvents, WaitingLetters, SetAside, AskedForms)
_NEWEST: Final = 500


async def ask_ledgers(uri: str, services: Sequence[str], now: Clock, products: Products) -> dict[type[Any], Any]:
    """Each kind of facts, or why it is not known."""
    async with connect(uri, service(services[0]).database) as database:
        databases = {name: database.client[service(name).database] for name in services}
        outboxes, parked, aside, letters, forms = await asyncio.gather(
            known(lambda: _outboxes(databases, now)),
            known(lambda: _parked(databases)),
            known(lambda: _aside(uri, services)),
            known(lambda: _letters(databases, now)),
            known(lambda: _forms(databases, products)),
        )
    found: dict[type[Any], Any] = {Outboxes: outboxes, ParkedEvents: parked, SetAside: aside}
    if ServiceName.notify in services:
        found[WaitingLetters] = letters
    if ServiceName.intake in services:
        found[AskedForms] = forms if products else NO_PRODUCTS
    return found


async def _outboxes(databases: dict[str, Database], now: Clock) -> Outboxes:
    waiting = {}
    for name, database in databases.items():
        there = await database.list_collection_names(authorizedCollections=True)
        outbox = MongoOutbox(database, [one for one in service(name).outboxes if one in there])
        count, oldest = await outbox.pending()
        waiting[name] = (count, age(oldest, now()))
    return Outboxes(waiting=waiting)


async def _parked(databases: dict[str, Database]) -> ParkedEvents:
    return ParkedEvents(
        parked={
            name: sum(
                [await database[one].count_documents({"relay.state": "parked"}) for one in service(name).outboxes]
            )
            for name, database in databases.items()
        }
    )


async def _letters(databases: dict[str, Database], now: Clock) -> WaitingLetters:
    letters = databases[ServiceName.notify]["letters"].with_options(tolerant(databases[ServiceName.notify]))
    waiting = {"due": {"$exists": True}}
    count = await letters.count_documents(waiting)
    oldest = await letters.find_one(waiting, {"created_at": 1}, sort=[("created_at", 1)])
    since = oldest and oldest.get("created_at")
    return WaitingLetters(count=count, late=age(since if isinstance(since, datetime) else None, now()))


async def _aside(uri: str, services: Sequence[str]) -> SetAside:
    return SetAside(groups=await find_groups(uri, services))


async def _forms(databases: dict[str, Database], products: Products) -> AskedForms:
    requests = databases[ServiceName.intake]["requests"]
    asked: dict[str, set[str]] = {}
    # MongoDB keeps documents in the order in which they were inserted: no index is needed for the newest.
    async for one in requests.find({}, {"product": 1, "form_version": 1}, sort=[("$natural", -1)], limit=_NEWEST):
        asked.setdefault(one["product"], set()).add(one["form_version"])
    known_forms = {slug: {product.form.version, *product.former_forms} for slug, product in products.items()}
    return AskedForms(
        asked={product: frozenset(versions) for product, versions in asked.items()},
        known={product: frozenset(versions) for product, versions in known_forms.items()},
    )
