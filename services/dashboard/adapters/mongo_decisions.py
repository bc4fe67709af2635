"""What staff decide, in MongoDB: each decision is kept with its unsent event, and of two at once one overtakes."""

from datetime import datetime, timedelta
from itertools import count
from typing import Final

from pymongo.errors import DuplicateKeyError

from services.dashboard.adapters.mongo_facts import document_of
from services.dashboard.domain.facts import Decided, fact_id, moment_of
from services.dashboard.domain.take_back import is_held
from services.dashboard.ports.cases import Added, Withdrawn
from shared.events import DecisionWithdrawn
from shared.products.desk import TAKE_BACK
from shared.runtime.adapters.mongo import Collection, Database, Document, long_work, mongo_errors
from shared.runtime.adapters.mongo_inserts import Clash, insert_once
from shared.runtime.outbox import Announce, new_entry, outbox_fields

SOURCE: Final = "/mitsumori/dashboard"


class MongoDecisions:
    """`Decisions`: the document that holds a decision holds its unsent event too.

    `seq` makes decisions of one case exclude each other: the database takes each number once.
    """

    def __init__(self, database: Database, announce: Announce) -> None:
        self._decisions: Collection = database["decisions"]
        self._announce = announce

    async def prepare(self) -> None:
        """Create the index by which one decision overtakes another."""
        with long_work():
            await self._decisions.create_index(
                {"request_id": 1, "seq": 1},
                name="one_after_another",
                unique=True,
                partialFilterExpression={"seq": {"$exists": True}},
            )

    async def add(self, decision: Decided, *, after: int | None = None, held_for: timedelta = TAKE_BACK) -> Added:
        _, document = document_of(decision)
        document |= {} if after is None else {"seq": after + 1}
        held = held_for if is_held(decision) else None
        for attempt in count(2):
            document["relay"] = outbox_fields(
                decision, document_id=document["_id"], source=SOURCE, time=moment_of(decision), held_for=held
            )
            try:
                is_new = await insert_once(self._decisions, document)
            except Clash:
                return Added.OVERTAKEN
            if is_new or not await self._is_withdrawn(document["_id"]):
                break
            # The same was decided before and taken back, which is what the document with its id says now.
            document |= {"_id": f"{fact_id(decision)}:{attempt}", "fact_id": fact_id(decision)}
        if is_new and held is None:
            self._announce(new_entry("decisions", document))
        return Added.KEPT if is_new else Added.KNOWN

    async def withdraw(
        self, decision_id: str, withdrawal: DecisionWithdrawn, *, after: int, before: datetime
    ) -> Withdrawn:
        """One update makes the document of the decision that of its withdrawal, with all that it held inside."""
        _, fact = document_of(withdrawal)
        relay = outbox_fields(withdrawal, document_id=fact["_id"], source=SOURCE, time=moment_of(withdrawal))
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
