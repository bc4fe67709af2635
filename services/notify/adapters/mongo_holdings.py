"""What notify holds on a request: its parcels, letters with their bytes and addresses, copies, and who wants news.

Mails with a link to a form, which went to the same address before there was a request, are part of it: nothing else
says whose they were.
"""

from collections.abc import Sequence
from typing import Any, Final

from services.notify.adapters.letter_seals import SEAL
from shared.clock import Clock
from shared.runtime.adapters.mongo import Database, Document, mongo_errors
from shared.runtime.adapters.mongo_erased import Holding, MongoErased, MongoHoldings

OF_CUSTOMER: Final = ("receipt", "quote", "referral")
WITH_LINK: Final = ("resume", "colleague-asked", "colleague-answered")
EMPTIED_LETTER: Final[Document] = {
    "$set": {"recipient": "", "pieces": []},
    "$unset": {"due": "", "content": "", SEAL: ""},
}
"""Not deleted: the id of a letter keeps it from being written again. Without `due` nobody sends it."""


def _of_request(request_id: str) -> Document:
    return {"request_id": request_id}


_HOLDINGS: Final = (
    Holding("requests", lambda request_id: {"_id": request_id}),
    Holding("quotes", _of_request),
    Holding("corrections", _of_request),
    Holding("copies", _of_request),
    # An opt-out stays: without it news would go out again. It has a keyed hash of the address and nothing else.
    Holding("news", lambda request_id: {"request_id": request_id, "is_wanted": True}),
    Holding("letters", lambda request_id: {"request_id": request_id, "recipient": {"$ne": ""}}, EMPTIED_LETTER),
)


class NotifyHoldings:
    """Counts and forgets the request together with the mails that had links for it."""

    def __init__(self, database: Database, now: Clock) -> None:
        self._holdings = MongoHoldings(database, _HOLDINGS, now)
        self._letters = database["letters"]
        self._corrections = database["corrections"]
        self._dead_addresses = database["dead_addresses"]
        self._erased = MongoErased(database)
        self._now = now

    async def count(self, request_id: str) -> dict[str, int]:
        """How many documents of each collection hold something."""
        found: dict[str, int] = {}
        for one in (request_id, *await self._links_to_same(request_id)):
            for name, count in (await self._holdings.count(one)).items():
                found[name] = found.get(name, 0) + count
        with mongo_errors():
            said = await self._dead_addresses.count_documents(await self._said_of(request_id))
        return found | ({"dead_addresses": said} if said else {})

    async def forget(self, request_id: str) -> None:
        """Safe to repeat. The mails with links first: they are found by what is forgotten last."""
        for link_id in await self._links_to_same(request_id):
            await self._erased.add(link_id, self._now())
            await self._holdings.forget(link_id)
        with mongo_errors():
            await self._dead_addresses.delete_many(await self._said_of(request_id))
        await self._holdings.forget(request_id)

    async def _links_to_same(self, request_id: str) -> Sequence[str]:
        """The ids of the mails with links that went to an address of the contact."""
        of_contact = {"request_id": request_id, "kind": {"$in": OF_CUSTOMER}, "recipient": {"$ne": ""}}
        with mongo_errors():
            addresses = await self._letters.distinct("recipient", of_contact)
            if not addresses:
                return ()
            to_same = {"recipient": {"$in": addresses}, "kind": {"$in": WITH_LINK}}
            return [str(found) for found in await self._letters.distinct("request_id", to_same)]

    async def _said_of(self, request_id: str) -> Document:
        """What reports about its letters and corrections of its address have said: kept under their ids."""
        with mongo_errors():
            letters = await self._letters.distinct("_id", {"request_id": request_id})
            corrections: list[Any] = await self._corrections.distinct("_id", {"request_id": request_id})
        return {"_id": {"$in": [*letters, *corrections]}}
