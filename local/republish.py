"""After the topics were lost: every event that MongoDB has marked as published is published again."""

from datetime import datetime
from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from local.children import CannotStart
from services.registry import SERVICES
from shared.events import KEPT_FOR_GOOD

_TIMEOUT_MS: Final = 5_000


def republish_events(mongo: str, since: datetime | None = None) -> None:
    """Have the relays publish everything again. Safe to repeat: readers ignore an event they have had.

    With *since*, nothing that was true before it: no topic has it any more, except those that are kept for good.

    The services may run: a relay only marks what is pending, so none of it is missed. Raises `CannotStart`.
    """
    options: dict[str, Any] = {"w": "majority", "journal": True, "serverSelectionTimeoutMS": _TIMEOUT_MS}
    try:
        with MongoClient[dict[str, Any]](mongo, **options) as client:
            for service in SERVICES:
                for outbox in service.outboxes:
                    events = client[service.database][outbox]
                    # Places of before say nothing about new topics, which begin at zero.
                    places = {"relay.partition": "", "relay.offset": ""}
                    waiting = {"relay.state": {"$in": ["pending", "parked"]}, "relay.offset": {"$exists": True}}
                    events.update_many(waiting, {"$unset": places})
                    again = {"$set": {"relay.state": "pending"}, "$unset": places}
                    events.update_many({"relay.state": "sent", **_from(since)}, again)
                    events.update_many({"relay.state": "sent", "relay.offset": {"$exists": True}}, {"$unset": places})
    except PyMongoError as error:
        raise CannotStart(f"MongoDB の記録を再送待ちに戻せません: {type(error).__name__}") from None


def _from(since: datetime | None) -> dict[str, Any]:
    kept = {"relay.topic": {"$in": sorted(KEPT_FOR_GOOD)}}
    return {"$or": [{"relay.time": {"$gte": since}}, kept]} if since else {}
