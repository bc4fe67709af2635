"""How far this process is with Kafka, as its runtime knows it."""

from datetime import datetime

from shared.runtime.adapters.mongo_outbox import MongoOutbox
from shared.runtime.process import Runtime


class RuntimeDelivered:
    """`Delivered`."""

    def __init__(self, runtime: Runtime) -> None:
        self._health = runtime.health
        self._outbox = MongoOutbox(runtime.database, ("decisions",))

    async def lag(self) -> int | None:
        return await self._health.lag()

    async def pending(self) -> tuple[int, datetime | None]:
        return await self._outbox.pending()
