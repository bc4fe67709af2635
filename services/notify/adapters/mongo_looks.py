"""Looks for everything of a request, for many requests at once: a look costs as much as five commands."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from services.notify.domain.unmade import MAY_BE_MADE_LATER
from shared.errors import Unavailable
from shared.runtime.adapters.mongo import Collection, Document, mongo_errors
from shared.runtime.waiting import Together

_Found = Mapping[str, list[Document]]
"""By the id of the request. Each document names its collection in the field `from`; that of a request has none."""

_BATCH: Final = 1_000
"""More documents than one look finds, so that it is one command."""


class Looks:
    """What is asked for while another look is on its way goes together with the next. Nothing is remembered."""

    def __init__(self, requests: Collection) -> None:
        self._requests = requests
        self._together = Together(self._find)

    async def of(self, request_id: str) -> list[Document]:
        """All that is kept when this is called. Raises `Unavailable`."""
        try:
            found = await self._together(request_id)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001  # a document that cannot be read is of one request: alone, each learns its own
            found = await self._find([request_id])
        return found.get(request_id, [])

    async def _find(self, request_ids: Sequence[str]) -> _Found:
        found: dict[str, list[Document]] = defaultdict(list)
        with mongo_errors():
            for document in await self._requests.aggregate(_all_of(request_ids), batchSize=_BATCH).to_list(None):
                found[document.get("request_id") or document["_id"]].append(document)
        return found


def _all_of(request_ids: Sequence[str]) -> list[Document]:
    """One command for what lies in seven collections."""
    ids = {"$in": request_ids}
    for_good = {"sent": False, "reason": {"$nin": [*MAY_BE_MADE_LATER]}}
    others: dict[str, list[Document]] = {
        "quotes": [{"$match": {"request_id": ids}}],
        "releases": [{"$match": {"request_id": ids}}],
        "corrections": [{"$match": {"request_id": ids}}],
        "outcomes": [{"$match": {"request_id": ids} | for_good}],
        "bounces": [{"$match": {"request_id": ids}}],
        # Not their bytes.
        "letters": [{"$match": {"request_id": ids}}, {"$project": {"request_id": 1}}],
    }
    return [
        {"$match": {"_id": ids}},
        *({"$unionWith": {"coll": name, "pipeline": [*of, {"$set": {"from": name}}]}} for name, of in others.items()),
    ]
