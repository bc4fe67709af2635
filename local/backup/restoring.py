"""How far a restore has come, for the next try: what it has read of the topics it deletes, and cannot read again.

It is noted in notify's database, beside the ledgers that it is about, until all is done.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from pymongo import WriteConcern
from pymongo.collection import Collection

from local.backup.recover import Recovered
from local.backup.topics import Shape
from local.ledgers import Ledgers
from services.registry import service

_COLLECTION: Final = "restoring"
_ONE: Final = "restore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """The restore of the backup of *at* has begun. `recovered`: what was put back from the topics; None: not yet.

    `shape`: of the topics before they were deleted.
    """

    at: datetime
    recovered: Recovered | None = None
    shape: Shape | None = None


def unfinished(client: Ledgers) -> Unfinished | None:
    """None: no restore was begun, or it has ended."""
    found = _notes(client).find_one({})
    if found is None:
        return None
    recovered, shape = found.get("recovered"), found.get("shape")
    return Unfinished(at=found["at"], recovered=recovered and Recovered(**recovered), shape=shape and Shape(**shape))


def note(client: Ledgers, progress: Unfinished) -> None:
    """Keep *progress* in place of what was noted before."""
    document = {name: value for name, value in asdict(progress).items() if value is not None}
    _notes(client).replace_one({"_id": _ONE}, document, upsert=True)


def finish(client: Ledgers) -> None:
    """It is done."""
    _notes(client).drop()


def _notes(client: Ledgers) -> Collection[dict[str, Any]]:
    # On the disk before what it allows is done.
    durable = WriteConcern("majority", j=True)
    return client[service("notify").database].get_collection(_COLLECTION, write_concern=durable)
