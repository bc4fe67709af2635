"""What was typed after a session had ended, in MongoDB: sealed, for an hour."""

from collections.abc import Sequence
from datetime import datetime

from services.dashboard.adapters.desk_box import DeskBox
from services.dashboard.domain.account import KeptPost
from shared.errors import Invalid
from shared.runtime.adapters.mongo import Database, Document, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once


class MongoKeptPosts:
    """`KeptPosts`. Mongo deletes those that have ended; one that cannot be opened any more is not there."""

    def __init__(self, database: Database, box: DeskBox) -> None:
        self._posts = database["kept_posts"]
        self._box = box

    async def prepare(self) -> None:
        """Create the index by which Mongo deletes what has ended, and the one that finds an account's."""
        with mongo_errors():
            await self._posts.create_index({"until": 1}, name="ended", expireAfterSeconds=0)
            await self._posts.create_index({"account": 1, "until": 1}, name="of_account")

    async def keep(self, account: str, post: KeptPost, until: datetime) -> None:
        sealed = self._box.seal({"account": account, "path": post.path, "fields": [*map(list, post.fields)]})
        await insert_once(self._posts, {"_id": post.id, "account": account, "until": until, "box": sealed})

    async def of(self, account: str, now: datetime) -> Sequence[KeptPost]:
        with mongo_errors():
            found = await self._posts.find({"account": account, "until": {"$gt": now}}).sort("until", 1).to_list(None)
        return [post for document in found if (post := self._opened(document))]

    async def take(self, account: str, post_id: str, now: datetime) -> KeptPost | None:
        mine = {"_id": post_id, "account": account, "until": {"$gt": now}}
        with mongo_errors():
            found = await self._posts.find_one_and_delete(mine)
        return self._opened(found) if found else None

    def _opened(self, document: Document) -> KeptPost | None:
        try:
            content = self._box.open(document["box"])
        except Invalid:
            return None
        if content["account"] != document["account"]:
            return None
        fields = tuple((name, value) for name, value in content["fields"])
        return KeptPost(id=document["_id"], path=content["path"], fields=fields)
