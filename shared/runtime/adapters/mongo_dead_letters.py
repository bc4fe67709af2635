"""Dead letters in MongoDB."""

from shared.runtime.adapters.mongo import Database, Document, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once


class MongoDeadLetters:
    """Records that can never be processed, unchanged, one document each: implements `DeadLetters`."""

    def __init__(self, database: Database) -> None:
        self._letters = database["dead_letters"]

    async def add(self, letter: Document) -> bool:
        """False when this same record is a dead letter already."""
        return await insert_once(self._letters, letter)

    async def count_open(self) -> int:
        """How many dead letters wait for a person."""
        with mongo_errors():
            return await self._letters.count_documents({})
