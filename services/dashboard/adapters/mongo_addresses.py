"""The mail addresses of accounts in MongoDB, in the documents of the accounts themselves: they go when those go."""

from collections.abc import Sequence

import structlog

from services.dashboard.adapters.desk_box import DeskBox
from shared.errors import Invalid
from shared.runtime.adapters.mongo import Database, Document, mongo_errors

log = structlog.get_logger(__name__)


class MongoStaffAddresses:
    """`StaffAddresses`. One is sealed together with the name of its account, so that it cannot be given to another."""

    def __init__(self, database: Database, box: DeskBox) -> None:
        self._accounts = database["accounts"]
        self._box = box

    async def keep(self, account: str, email: str | None) -> None:
        sealed = self._box.seal({"account": account, "email": email})
        change: Document = {"$set": {"email": sealed}} if email else {"$unset": {"email": ""}}
        with mongo_errors():
            await self._accounts.update_one({"_id": account}, change)

    async def of(self, account: str) -> str | None:
        with mongo_errors():
            found = await self._accounts.find_one({"_id": account, "email": {"$exists": True}}, {"email": 1})
        return self._opened(found) if found else None

    async def owners(self, email: str) -> Sequence[str]:
        """All are opened: staff are few, and an index would have to hold something of the addresses."""
        with mongo_errors():
            found = await self._accounts.find({"email": {"$exists": True}}, {"email": 1}).sort("_id", 1).to_list(None)
        wanted = email.casefold()
        return [one["_id"] for one in found if (self._opened(one) or "").casefold() == wanted]

    def _opened(self, document: Document) -> str | None:
        account = str(document["_id"])
        try:
            content = self._box.open(document["email"])
        except Invalid as reason:
            log.error("mail address cannot be read", account=account, reason=str(reason))  # noqa: TRY400  # no bug
            return None
        return str(content["email"]) if content.get("account") == account else None
