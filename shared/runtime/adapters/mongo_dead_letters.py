"""Dead letters in MongoDB."""

from shared.runtime.adapters.mongo import Database, Document, insert_once, mongo_errors


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
