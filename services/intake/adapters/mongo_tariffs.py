"""The newest tariff of each product, as rating published it, in MongoDB: one document a product."""

from pymongo.errors import DuplicateKeyError

from shared.events import TariffStarted
from shared.runtime.adapters.mongo import Database, Document, mongo_errors


class MongoTariffs:
    """`Tariffs` in the collection `tariffs`."""

    def __init__(self, database: Database) -> None:
        self._tariffs = database["tariffs"]

    async def keep(self, tariff: TariffStarted) -> None:
        """An upsert that finds only an older one: where a newer one is, there is a document with this id already."""
        in_force_from = tariff.in_force_from.isoformat()
        is_older = [
            {"in_force_from": {"$lt": in_force_from}},
            {"in_force_from": in_force_from, "started_at": {"$lt": tariff.started_at}},
        ]
        try:
            with mongo_errors():
                await self._tariffs.replace_one(
                    {"_id": tariff.product, "$or": is_older}, document_of(tariff), upsert=True
                )
        except DuplicateKeyError:
            return

    async def newest(self, product: str, *, unless: str | None = None) -> TariffStarted | None:
        with mongo_errors():
            document = await self._tariffs.find_one({"_id": product, "edition_id": {"$ne": unless}})
        return TariffStarted.model_validate_json(document["body"]) if document else None


def document_of(tariff: TariffStarted) -> Document:
    """How *tariff* is kept."""
    return {
        "_id": tariff.product,
        "in_force_from": tariff.in_force_from.isoformat(),
        "started_at": tariff.started_at,
        "edition_id": tariff.edition_id,
        "body": tariff.to_text(),
    }
