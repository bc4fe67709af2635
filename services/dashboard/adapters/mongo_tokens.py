"""The tokens of other programs in MongoDB, one document each."""

from collections.abc import Sequence
from datetime import datetime

from services.dashboard.domain.token import ApiToken, Scope
from shared.runtime.adapters.mongo import Database, Document, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once


class MongoTokens:
    """`Tokens`. A scope that this version does not know allows nothing."""

    def __init__(self, database: Database) -> None:
        self._tokens = database["tokens"]

    async def prepare(self) -> None:
        """Create the index that finds a token by its digest."""
        with mongo_errors():
            await self._tokens.create_index("digest", name="digest", unique=True)

    async def add(self, token: ApiToken, digest: str) -> bool:
        kept: Document = {
            "_id": token.name,
            "digest": digest,
            "scopes": sorted(token.scopes),
            "since": token.since,
            "until": token.until,
            "made_by": token.made_by,
        }
        return await insert_once(self._tokens, kept)

    async def find(self, digest: str) -> ApiToken | None:
        with mongo_errors():
            found = await self._tokens.find_one({"digest": digest})
        return _token(found) if found else None

    async def note_use(self, name: str, at: datetime) -> None:
        with mongo_errors():
            await self._tokens.update_one({"_id": name}, {"$max": {"used_at": at}})

    async def all(self) -> Sequence[ApiToken]:
        with mongo_errors():
            return [_token(document) for document in await self._tokens.find().sort("_id", 1).to_list(None)]

    async def revoke(self, name: str, at: datetime) -> bool:
        with mongo_errors():
            changed = await self._tokens.update_one({"_id": name, "revoked_at": None}, {"$set": {"revoked_at": at}})
        return bool(changed.modified_count)


def _token(document: Document) -> ApiToken:
    return ApiToken(
        name=document["_id"],
        scopes=frozenset(scope for scope in Scope if scope in document["scopes"]),
        since=document["since"],
        until=document["until"],
        made_by=document["made_by"],
        used_at=document.get("used_at"),
        revoked_at=document.get("revoked_at"),
    )
