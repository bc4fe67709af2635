"""Webhooks in MongoDB: subscriptions with sealed secrets, the messages on their way, and a log of attempts.

A delivery is inserted once, with an id of its subscription and fact. To claim it is to put off the moment at which it
is due: a process that ends keeps nothing locked.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, get_args

from pymongo import ReturnDocument

from services.dashboard.adapters.desk_box import DeskBox
from services.dashboard.adapters.mongo_facts import FACT_COLLECTIONS, fact_of
from services.dashboard.domain.facts import BrokenFact, Fact
from services.dashboard.domain.webhook import KEPT_FOR, Message, Subscription
from services.dashboard.ports.api import Attempt, Delivery, DeliveryState, PostAnswer
from shared.errors import Invalid
from shared.runtime.adapters.mongo import Database, Document, mongo_errors, tolerant
from shared.runtime.adapters.mongo_inserts import insert_once

_WAITING: Final[DeliveryState] = "waiting"


class MongoSubscriptions:
    """`Subscriptions`. A sealed secret names its subscription: put into another one, it is worth nothing.

    Without a *box*, no secret can be read, and none can be added: for tools that have no keys.
    """

    def __init__(self, database: Database, box: DeskBox | None = None) -> None:
        self._webhooks = database["webhooks"]
        self._box = box

    async def add(self, subscription: Subscription, secret: str) -> bool:
        if self._box is None:
            raise Invalid("no-key")
        sealed = self._box.seal({"subscription": subscription.name, "secret": secret})
        kept: Document = {"_id": subscription.name, "url": subscription.url, "since": subscription.since}
        return await insert_once(self._webhooks, kept | {"wants": sorted(subscription.wants), "box": sealed})

    async def all(self) -> Sequence[Subscription]:
        with mongo_errors():
            found = await self._webhooks.find({}, {"box": 0}).sort("_id", 1).to_list(None)
        return [_subscription(one) for one in found]

    async def find(self, name: str) -> Subscription | None:
        with mongo_errors():
            found = await self._webhooks.find_one({"_id": name}, {"box": 0})
        return _subscription(found) if found else None

    async def secret(self, name: str) -> str | None:
        with mongo_errors():
            found = await self._webhooks.find_one({"_id": name}, {"box": 1})
        if found is None or self._box is None:
            return None
        try:
            content = self._box.open(found["box"])
        except Invalid:
            return None
        return str(content["secret"]) if content.get("subscription") == name else None

    async def pause(self, name: str, at: datetime) -> None:
        with mongo_errors():
            await self._webhooks.update_one({"_id": name, "paused_at": None}, {"$set": {"paused_at": at}})

    async def resume(self, name: str) -> None:
        with mongo_errors():
            await self._webhooks.update_one({"_id": name}, {"$unset": {"paused_at": ""}})

    async def remove(self, name: str) -> bool:
        with mongo_errors():
            return bool((await self._webhooks.delete_one({"_id": name})).deleted_count)


def _subscription(document: Document) -> Subscription:
    return Subscription(
        name=document["_id"],
        url=document["url"],
        wants=frozenset(document["wants"]),
        since=document["since"],
        paused_at=document.get("paused_at"),
    )


class MongoDeliveries:
    """`Deliveries` in webhook_deliveries, with the attempts in webhook_attempts, which are only inserted."""

    def __init__(self, database: Database) -> None:
        self._deliveries = database["webhook_deliveries"]
        self._attempts = database["webhook_attempts"]

    async def prepare(self) -> None:
        """Create the indexes: what is due, the log of a subscription, and what MongoDB deletes after a month.

        What is due is found in order: after a pause, sorting all that waits for each claim would take the longer the
        more it is.
        """
        kept_s = int(KEPT_FOR.total_seconds())
        with mongo_errors():
            await self._deliveries.create_index(
                {"state": 1, "subscription": 1, "next_at": 1, "at": 1}, name="due_in_order"
            )
            await self._deliveries.create_index({"ended_at": 1}, name="ended", expireAfterSeconds=kept_s)
            await self._attempts.create_index({"subscription": 1, "at": -1}, name="newest")
            await self._attempts.create_index({"at": 1}, name="old", expireAfterSeconds=kept_s)

    async def add(self, subscription: str, message: Message, at: datetime) -> bool:
        return await insert_once(self._deliveries, _new(subscription, message) | _queued(at))

    async def add_again(self, subscription: str, message: Message, at: datetime) -> None:
        new = _new(subscription, message)
        change = {"$set": _queued(at), "$setOnInsert": new, "$unset": {"ended_at": ""}}
        with mongo_errors():
            await self._deliveries.update_one({"_id": new["_id"]}, change, upsert=True)

    async def begin_again(self, subscription: str, at: datetime) -> None:
        with mongo_errors():
            await self._deliveries.update_many({"state": _WAITING, "subscription": subscription}, {"$set": _queued(at)})

    async def due(self, now: datetime) -> Sequence[str]:
        with mongo_errors():
            found = await self._deliveries.distinct("subscription", {"state": _WAITING, "next_at": {"$lte": now}})
        return [str(name) for name in found]

    async def claim(self, subscription: str, now: datetime, until: datetime) -> Delivery | None:
        with mongo_errors():
            found: Any = await self._deliveries.find_one_and_update(
                {"state": _WAITING, "subscription": subscription, "next_at": {"$lte": now}},
                {"$set": {"next_at": until}, "$inc": {"tries": 1}},
                sort=[("next_at", 1), ("at", 1)],
                return_document=ReturnDocument.AFTER,
            )
        if found is None:
            return None
        message = Message(id=found["message_id"], type=found["type"], at=found["at"], body=found["body"])
        return Delivery(subscription=subscription, message=message, tries=found["tries"], since=found["since"])

    async def settle(self, delivery: Delivery, attempt: Attempt, next_at: datetime | None) -> None:
        answer = attempt.answer
        kept: Document = {
            "subscription": attempt.subscription,
            "message_id": attempt.message_id,
            "type": attempt.type,
            "number": attempt.number,
            "at": attempt.at,
            "status": answer.status,
            "problem": answer.problem,
        }
        ended: DeliveryState = "delivered" if answer.is_accepted else "given-up"
        change: Document = {"next_at": next_at} if next_at else {"state": ended, "ended_at": attempt.at}
        # A replay, or another process after the claim had ended, has begun another try: that one decides.
        mine = {"_id": _id(delivery.subscription, delivery.message), "tries": delivery.tries, "since": delivery.since}
        with mongo_errors():
            await self._attempts.insert_one(kept)
            await self._deliveries.update_one(mine, {"$set": change})

    async def log(self, subscription: str, limit: int) -> Sequence[Attempt]:
        with mongo_errors():
            cursor = self._attempts.find({"subscription": subscription}, limit=limit)
            found = await cursor.sort([("at", -1), ("_id", -1)]).to_list(None)
        return [
            Attempt(
                subscription=subscription,
                message_id=one["message_id"],
                type=one["type"],
                number=one["number"],
                at=one["at"],
                answer=PostAnswer(one["status"], one["problem"]),
            )
            for one in found
        ]

    async def counts(self) -> Mapping[tuple[str, DeliveryState], int]:
        found: dict[tuple[str, DeliveryState], int] = {}
        with mongo_errors():
            for name in await self._deliveries.distinct("subscription"):
                for state in get_args(DeliveryState):
                    count = await self._deliveries.count_documents({"state": state, "subscription": name})
                    found |= {(name, state): count} if count else {}
        return found

    async def remove(self, subscription: str) -> None:
        with mongo_errors():
            await self._deliveries.delete_many({"subscription": subscription})


class MongoFactLog:
    """`FactLog` over the collections that `MongoCases` and `MongoDecisions` write."""

    def __init__(self, database: Database) -> None:
        self._database = database.with_options(codec_options=tolerant(database))

    async def since(self, moment: datetime) -> AsyncIterator[Fact]:
        # What can still be taken back is told by nobody yet.
        since = {"at": {"$gte": moment}, "relay.revocable": {"$ne": True}}
        for name in FACT_COLLECTIONS:
            with mongo_errors():
                async for document in self._database[name].find(since):
                    fact = fact_of(name, document)
                    if not isinstance(fact, BrokenFact):
                        yield fact


def _id(subscription: str, message: Message) -> str:
    return f"{subscription}:{message.id}"


def _new(subscription: str, message: Message) -> Document:
    return {
        "_id": _id(subscription, message),
        "subscription": subscription,
        "message_id": message.id,
        "type": message.type,
        "at": message.at,
        "body": message.body,
    }


def _queued(at: datetime) -> Document:
    return {"state": _WAITING, "next_at": at, "since": at, "tries": 0}
