"""The second steps of accounts in MongoDB, in the documents of the accounts themselves: they go when those go."""

from collections.abc import Sequence

import structlog

from services.dashboard.adapters.desk_box import DeskBox
from services.dashboard.domain.second_step import SecondStep
from shared.errors import Invalid
from shared.runtime.adapters.mongo import Database, Document, mongo_errors

log = structlog.get_logger(__name__)


class MongoSecondSteps:
    """`SecondSteps`. A key is sealed together with the name of its account, so that it cannot be given to another."""

    def __init__(self, database: Database, box: DeskBox) -> None:
        self._accounts = database["accounts"]
        self._box = box

    async def find(self, account: str) -> SecondStep | None:
        with mongo_errors():
            found = await self._accounts.find_one({"_id": account}, {"two_step": 1})
        if not found or not found.get("two_step"):
            return None
        stored = found["two_step"]
        key = self._opened(account, stored["key"])
        return SecondStep(key=key, last_step=stored["last_step"], recovery=frozenset(stored["recovery"]))

    async def keep(self, account: str, key: bytes, last_step: int, recovery: Sequence[str]) -> None:
        sealed = self._box.seal({"account": account, "key": key.hex()})
        two_step = {"key": sealed, "last_step": last_step, "recovery": list(recovery)}
        await self._change({"_id": account}, {"$set": {"two_step": two_step}})

    async def use_step(self, account: str, step: int) -> bool:
        newer = {"_id": account, "two_step.last_step": {"$lt": step}}
        return await self._change(newer, {"$set": {"two_step.last_step": step}})

    async def use_recovery(self, account: str, digest: str) -> bool:
        unused = {"_id": account, "two_step.recovery": digest}
        return await self._change(unused, {"$pull": {"two_step.recovery": digest}})

    async def renew_recovery(self, account: str, digests: Sequence[str]) -> None:
        await self._change({"_id": account, "two_step": {"$ne": None}}, {"$set": {"two_step.recovery": list(digests)}})

    async def remove(self, account: str) -> None:
        await self._change({"_id": account}, {"$unset": {"two_step": ""}})

    async def _change(self, which: Document, change: Document) -> bool:
        with mongo_errors():
            result = await self._accounts.update_one(which, change)
        return bool(result.matched_count)

    def _opened(self, account: str, stored: dict[str, str]) -> bytes:
        try:
            content = self._box.open(stored)
        except Invalid as reason:
            log.error("second step cannot be read", account=account, reason=str(reason))  # noqa: TRY400  # no bug of ours
            return b""
        return bytes.fromhex(content["key"]) if content.get("account") == account else b""
