"""Forgets requests, and says what is still held on them: for `mitsumori erase`, which an operator runs.

The erasure is one insert into intake's ledger, from where its event reaches every service, and each forgets what it
holds (docs/adr/0030-being-forgotten.md). This file only looks whether it has.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from local.ledgers import request_called
from services.dashboard.adapters import mongo_holdings as of_dashboard
from services.dashboard.adapters.mongo_audit import MongoAudit
from services.intake.adapters import mongo_erasures as of_intake
from services.notify.adapters.mongo_holdings import NotifyHoldings
from services.rating.adapters import mongo_holdings as of_rating
from services.registry import SERVICES, service
from shared.clock import Clock
from shared.errors import Invalid
from shared.runtime.adapters.mongo import Database, connect, mongo_errors
from shared.runtime.adapters.mongo_erased import COLLECTION, MongoErased

OPERATOR: Final = "operator"
"""Who has erased a request, in the audit."""
_POLL_S: Final = 0.2


class Holdings(Protocol):
    """What a service holds on a request."""

    async def count(self, request_id: str) -> Mapping[str, int]:
        """How many documents of each collection hold something."""
        ...

    async def forget(self, request_id: str) -> None:
        """Safe to repeat."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A request, and how many documents of each service and collection hold something on it. Nothing of it is personal.

    `obeyed`: the services that remember that it is erased.
    """

    request_id: str
    reception_no: str
    accepted_at: datetime
    held: Mapping[str, Mapping[str, int]]
    obeyed: frozenset[str]

    @property
    def left(self) -> tuple[str, ...]:
        """The services that have not forgotten it."""
        return tuple(one.name for one in SERVICES if self.held[one.name] or one.name not in self.obeyed)


class Eraser:
    """Looks into the four databases."""

    def __init__(self, databases: Mapping[str, Database], now: Clock) -> None:
        self._of = databases
        self._now = now
        self._holdings: Mapping[str, Holdings] = {
            "intake": of_intake.holdings_of(databases["intake"], now),
            "rating": of_rating.holdings_of(databases["rating"], now),
            "notify": NotifyHoldings(databases["notify"], now),
            "dashboard": of_dashboard.holdings_of(databases["dashboard"], now),
        }

    async def find(self, name: str) -> Found:
        """By 受付番号 or id. Raises `Invalid` (no-such-request), `Unavailable`."""
        with mongo_errors():
            request = await self._of["intake"]["requests"].find_one(
                request_called(name), {"reception_no": 1, "accepted_at": 1}
            )
        if request is None:
            raise Invalid("no-such-request")
        request_id = str(request["_id"])
        held, obeyed = {}, set()
        for one, holdings in self._holdings.items():
            held[one] = await holdings.count(request_id)
            with mongo_errors():
                if await self._of[one][COLLECTION].find_one({"_id": request_id}, {"_id": 1}):
                    obeyed.add(one)
        return Found(
            request_id=request_id,
            reception_no=str(request["reception_no"]),
            accepted_at=request["accepted_at"],
            held=held,
            obeyed=frozenset(obeyed),
        )

    async def erase(self, request_ids: Sequence[str]) -> None:
        """Have every service forget these requests. Noted first who wants it. Safe to repeat. Raises `Unavailable`."""
        audit = MongoAudit(self._of["dashboard"])
        erasures = of_intake.MongoErasures(self._of["intake"])
        for request_id in request_ids:
            now = self._now()
            await audit.record("erased-request", now, OPERATOR, request_id)
            await erasures.add(request_id, now)

    async def forget_at_once(self) -> None:
        """Do in every ledger what a service does when it reads of an erasure, for all that intake knows.

        For ledgers that were put back in time, before a service starts and publishes it again. Raises `Unavailable`.
        """
        with mongo_errors():
            erased = await self._of["intake"][COLLECTION].find({}, {"erased_at": 1}).to_list(None)
        for document in erased:
            for one, holdings in self._holdings.items():
                if one != "intake":
                    await MongoErased(self._of[one]).add(document["_id"], document["erased_at"])
                await holdings.forget(document["_id"])

    async def wait(self, request_ids: Sequence[str], wait_s: float) -> list[Found]:
        """What is still held on each, once all services have obeyed, or after *wait_s*."""
        until = time.monotonic() + wait_s
        while True:
            found = [await self.find(request_id) for request_id in request_ids]
            if not any(one.left for one in found) or time.monotonic() >= until:
                return found
            await asyncio.sleep(_POLL_S)


@asynccontextmanager
async def eraser(mongo: str, now: Clock) -> AsyncIterator[Eraser]:
    """With the databases at *mongo*, as a user who may write to all of them."""
    async with connect(mongo, service("intake").database) as database:
        yield Eraser({str(one.name): database.client[one.database] for one in SERVICES}, now)
