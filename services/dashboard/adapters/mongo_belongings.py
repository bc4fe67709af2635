"""What staff keep for themselves lies in several collections; when an account is removed, it is deleted from all."""

from shared.runtime.adapters.mongo import Database, mongo_errors


class MongoBelongings:
    """`Belongings`. It reads nothing, and so needs no key of the desk."""

    def __init__(self, database: Database) -> None:
        self._by_account = [database[name] for name in ("note_drafts", "kept_posts", "bulk_runs", "presence")]
        self._views = database["saved_views"]

    async def remove(self, account: str) -> None:
        with mongo_errors():
            for collection in self._by_account:
                await collection.delete_many({"account": account})
            await self._views.delete_many({"owner": account, "is_shared": False})
