"""What the dashboard holds on a request, and what is left of it once that is erased: its facts without their parcels.

The read model is not in the list: an erasure is a fact, and with it the summary of the case is made anew.
"""

from collections.abc import Callable
from typing import Final

from shared.clock import Clock
from shared.runtime.adapters.mongo import Database, Document
from shared.runtime.adapters.mongo_erased import NEVER_PUBLISHED, Holding, MongoHoldings

_HAS_RELAY: Final = {"$ne": [{"$type": "$relay"}, "missing"]}


def _of_request(request_id: str) -> Document:
    return {"request_id": request_id}


def _with_parcels(field: str) -> Callable[[str], Document]:
    """Facts of the request whose event, in this *field*, has parcels."""
    return lambda request_id: {"request_id": request_id, f"{field}.parcels": {"$nin": [None, {}]}}


def _without_parcels(field: str) -> list[Document]:
    """A decision that is not published yet stays unpublished."""
    relay = {"$cond": [_HAS_RELAY, NEVER_PUBLISHED, "$$REMOVE"]}
    return [{"$set": {f"{field}.parcels": {"$literal": {}}, "relay": relay}}]


_HOLDINGS: Final = (
    Holding("requests", _with_parcels("event"), _without_parcels("event")),
    Holding("quotes", _with_parcels("event"), _without_parcels("event")),
    Holding("decisions", _with_parcels("event"), _without_parcels("event")),
    # What was taken back is inside the document that says so.
    Holding("decisions", _with_parcels("withdrawn.event"), [{"$set": {"withdrawn.event.parcels": {"$literal": {}}}}]),
    Holding("copy_asks", _of_request),
    Holding("letter_copies", _of_request),
    Holding("note_drafts", _of_request),
)


def holdings_of(database: Database, now: Clock) -> MongoHoldings:
    """In the database of the dashboard."""
    return MongoHoldings(database, _HOLDINGS, now)
