"""The tariffs that started, in MongoDB: one insert-only document each, with its unsent event inside."""

from typing import Final

from services.rating.adapters.mongo import SOURCE
from shared.events import TariffStarted
from shared.runtime.adapters.mongo import Database, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.outbox import Announce, new_entry, outbox_fields

TARIFFS: Final = "tariffs"


class MongoStartedTariffs:
    """`StartedTariffs` in the collection `tariffs`; each new one is handed to the relay by *announce*."""

    def __init__(self, database: Database, announce: Announce) -> None:
        self._tariffs = database[TARIFFS]
        self._announce = announce

    async def has(self, edition_id: str) -> bool:
        with mongo_errors():
            return await self._tariffs.find_one({"_id": edition_id}, {"_id": 1}) is not None

    async def add(self, event: TariffStarted) -> bool:
        document = {
            "_id": event.edition_id,
            "product": event.product,
            "tariff": event.tariff.model_dump(),
            "started_at": event.started_at,
            "relay": outbox_fields(event, document_id=event.edition_id, source=SOURCE, time=event.started_at),
        }
        is_new = await insert_once(self._tariffs, document)
        if is_new:
            self._announce(new_entry(TARIFFS, document))
        return is_new
