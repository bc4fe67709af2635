"""After the topics were lost: every event that MongoDB has marked as published is published again."""

from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from local.children import CannotStart
from services.registry import SERVICES

_TIMEOUT_MS: Final = 5_000


def republish_events(mongo: str) -> None:
    """Have the relays publish everything again when they start. Safe to repeat: readers ignore an event they have had.

    Call it only while the services are stopped: only their relays write `relay.*` otherwise. Raises `CannotStart`.
    """
    options: dict[str, Any] = {"w": "majority", "journal": True, "serverSelectionTimeoutMS": _TIMEOUT_MS}
    try:
        with MongoClient[dict[str, Any]](mongo, **options) as client:
            for service in SERVICES:
                for outbox in service.outboxes:
                    client[service.database][outbox].update_many(
                        {"relay.state": "sent"}, {"$set": {"relay.state": "pending"}}
                    )
    except PyMongoError as error:
        raise CannotStart(f"MongoDB の記録を再送待ちに戻せません: {type(error).__name__}") from None
