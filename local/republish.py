"""After the topics were lost: every event that MongoDB has marked as published is published again."""

from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from local.children import CannotStart
from services.registry import SERVICES

_TIMEOUT_MS: Final = 5_000


def republish_events(mongo: str) -> None:
    """Have the relays publish everything again. Safe to repeat: readers ignore an event they have had.

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
                    waiting = {"relay.state": "pending", "relay.offset": {"$exists": True}}
                    events.update_many(waiting, {"$unset": places})
                    again = {"$set": {"relay.state": "pending"}, "$unset": places}
                    events.update_many({"relay.state": "sent"}, again)
    except PyMongoError as error:
        raise CannotStart(f"MongoDB の記録を再送待ちに戻せません: {type(error).__name__}") from None
