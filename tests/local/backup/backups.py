"""Backups for tests: a folder of them with their keys, and the databases that they are of."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from local.backup.back_up import BackedUp, BackUp
from local.backup.backup_keys import add_backup_key, public_key, secret_keys
from local.backup.restore import RestoreBackup, Restored
from services.registry import SERVICES
from shared.clock import utc_now

Document = dict[str, Any]
Client = MongoClient[Document]


class Backups:
    """A folder of them, with their keys, and the databases that they are of."""

    def __init__(self, folder: Path, mongo: str) -> None:
        self.folder, self.mongo = folder / "backups", mongo
        self.public, self.secret = add_backup_key(folder / "keys")

    def make(self) -> BackedUp:
        return BackUp(mongo=self.mongo, key=public_key(self.public), now=utc_now)(self.folder)

    def restore(
        self, made: BackedUp, kafka: str | None = None, *, replace: bool = True, discard: bool = False
    ) -> Restored:
        keys = secret_keys(self.secret)
        return RestoreBackup(keys=keys, mongo=self.mongo, kafka=kafka, report=lambda _line: None, now=utc_now)(
            made.file, replace=replace, discard=discard
        )


@contextmanager
def opened(backups: Backups) -> Iterator[Client]:
    with MongoClient[Document](backups.mongo, tz_aware=True) as client:
        yield client


def everything(client: Client) -> dict[str, list[Document]]:
    """By the full name of the collection, without what is said of the restores themselves."""
    return {
        f"{service.name}.{name}": list(client[service.database][name].find().sort("_id", 1))
        for service in SERVICES
        for name in client[service.database].list_collection_names()
        if name not in {"restores", "audit"}
    }
