"""The rules of `Case.state` as queries: the database must filter before it counts. A test of `Cases` compares both."""

from typing import Final

from services.dashboard.domain.case import State
from shared.events import QuoteOffered, QuoteReferred
from shared.runtime.adapters.mongo import Document

# Requests that were stored before there were suspicions have no such field.
SUSPICIOUS: Final[Document] = {"$match": {"event.suspicions.0": {"$exists": True}}}
_WITH_LATEST_QUOTE: Final[list[Document]] = [
    {"$project": {"at": 1, "wished": "$event.wishes.quote"}},
    # One pass over both collections: a $lookup per request takes ten seconds for twenty thousand cases.
    {
        "$unionWith": {
            "coll": "quotes",
            "pipeline": [
                {
                    "$project": {
                        "_id": "$request_id",
                        # Compared field by field in this order, so the greatest is the latest.
                        "latest": {"revision": "$event.revision", "at": "$at", "id": "$_id", "type": "$type"},
                    }
                }
            ],
        }
    },
    {
        "$group": {
            "_id": "$_id",
            "at": {"$max": "$at"},
            "wished": {"$max": "$wished"},
            "latest": {"$max": "$latest"},
        }
    },
]
OF_STATE: Final[dict[State | None, list[Document]]] = {
    None: [{"$project": {"at": 1}}],
    State.DOCUMENTS_ONLY: [{"$match": {"event.wishes.quote": False}}, {"$project": {"at": 1}}],
    State.RECEIVED: [*_WITH_LATEST_QUOTE, {"$match": {"wished": True, "latest": None}}],
    State.QUOTED: [*_WITH_LATEST_QUOTE, {"$match": {"wished": True, "latest.type": QuoteOffered.type}}],
    State.REFERRED: [*_WITH_LATEST_QUOTE, {"$match": {"wished": True, "latest.type": QuoteReferred.type}}],
}
