"""How far a restore has come, for the next try: what it has read of the topics it deletes, and cannot read again.

It is noted in notify's database, beside the ledgers that it is about, until all is done. Until then each database says
that it is half of a backup, and no service starts on it.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any, Final

from pymongo import WriteConcern
from pymongo.collection import Collection

from local.backup.recover import Recovered
from local.backup.topics import Shape
from local.ledgers import Ledgers
from services.registry import SERVICES, service
from shared.runtime.adapters.mongo_migrations import COLLECTION as STEPS
from shared.runtime.adapters.mongo_migrations import RESTORING, restoring

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
    """Keep *progress* in place of what was noted before. From then on no service starts."""
    for steps in _steps(client):
        steps.replace_one({"_id": RESTORING}, restoring(version("mitsumori")), upsert=True)
    document = {name: value for name, value in asdict(progress).items() if value is not None}
    _notes(client).replace_one({"_id": _ONE}, document, upsert=True)


def finish(client: Ledgers) -> None:
    """It is done: services may start."""
    for steps in _steps(client):
        steps.delete_one({"_id": RESTORING})
        if not steps.find_one({}):
            steps.drop()  # A database without anything is one of a new system.
    # Last: without it nobody would take the others away.
    _notes(client).drop()


def empty(collection: Collection[dict[str, Any]]) -> None:
    """Drop *collection*, but leave what is noted here."""
    if collection.name == STEPS:
        collection.delete_many({"_id": {"$ne": RESTORING}})
    elif collection.name != _COLLECTION:
        collection.drop()


def _notes(client: Ledgers) -> Collection[dict[str, Any]]:
    return _durable(client, service("notify").database, _COLLECTION)


def _steps(client: Ledgers) -> list[Collection[dict[str, Any]]]:
    return [_durable(client, one.database, STEPS) for one in SERVICES]


def _durable(client: Ledgers, database: str, collection: str) -> Collection[dict[str, Any]]:
    # On the disk before what it allows is done.
    return client[database].get_collection(collection, write_concern=WriteConcern("majority", j=True))
