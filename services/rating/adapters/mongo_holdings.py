"""What rating holds on a request, and what is left of it once that is erased: the yen, and which tariff made them."""

from typing import Final

from services.rating.adapters.mongo import QUOTES
from services.rating.domain.quote import ERASED
from shared.clock import Clock
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_erased import NEVER_PUBLISHED, Holding, MongoHoldings

_HOLDINGS: Final = (
    # The factors show what was answered, as the parcels do.
    Holding(
        QUOTES,
        lambda request_id: {"request_id": request_id, "workings.0": {"$exists": True}},
        {"$set": {"workings": []}},
    ),
    Holding(
        QUOTES,
        lambda request_id: {"request_id": request_id, "answers.key": {"$ne": ERASED.key}},
        {"$set": {"answers": ERASED.model_dump(), "worksheet": ERASED.model_dump(), "relay": NEVER_PUBLISHED}},
    ),
)


def holdings_of(database: Database, now: Clock) -> MongoHoldings:
    """In the database of rating."""
    return MongoHoldings(database, _HOLDINGS, now)
