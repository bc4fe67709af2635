"""Puts a backup back into the four databases, once all of it was checked. For `mitsumori restore`.

What surrounds the databases is put right here too: topics.py, recover.py and services/notify/usecases/deliver.py.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import Any, Final

from bson.raw_bson import RawBSONDocument
from nacl.public import PrivateKey

from local.backup.contents import Collection, ContentsReader, Head
from local.backup.recover import Recovered, recover_newer
from local.backup.restoring import Unfinished, empty, finish, note, unfinished
from local.backup.sealed_file import opened
from local.backup.topics import make_topics_anew, refuse_while_services_run, shape_of_topics
from local.erase import OPERATOR, eraser
from local.ledgers import Ledgers, open_ledgers
from local.republish import republish_events
from services.dashboard.adapters.mongo_audit import MongoAudit
from services.notify.adapters.mongo_restores import MongoRestores
from services.registry import SERVICES
from shared.clock import Clock
from shared.errors import Invalid
from shared.events import rfc3339
from shared.runtime.adapters.mongo import connect
from shared.runtime.topic_configs import RETENTION

NEWER_SINCE: Final = timedelta(minutes=10)
"""So long before the moment of the backup begins what may be newer on the topics: the clocks of two machines differ."""
_BATCH: Final = 500
_DATABASES: Final[Mapping[str, str]] = {str(service.name): service.database for service in SERVICES}

Report = Callable[[str], None]
Keys = Mapping[str, PrivateKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """From when the backup is, how many documents it had, and what the topics had beyond it."""

    at: datetime
    count: int
    recovered: Recovered


def check_backup(file: Path, keys: Keys, report: Report) -> tuple[Head, int]:
    """Read all of *file*, and return from when it is, with the number of its documents. Writes nothing.

    Raises `Invalid`, as sealed_file.py.
    """
    count = 0
    with _contents(file, keys) as contents:
        if _numbers(contents.head.version) > _numbers(metadata.version("mitsumori")):
            raise Invalid("newer-backup")
        for collection, documents in contents.collections():
            for _ in documents:
                count += 1
            if collection.count:
                report(f"{collection.service}.{collection.name}\t{collection.count:,} 件")
        return contents.head, count


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreBackup:
    """Puts a backup back while no service runs.

    `kafka`: None where all topics are new at the next start anyway.
    """

    keys: Keys
    mongo: str
    kafka: str | None
    report: Report
    now: Clock

    def __call__(self, file: Path, *, replace: bool, discard: bool = False) -> Restored:
        """Restore *file*. With *replace* all that is in the databases goes; with *discard* also what no topic has.

        Until this returns no service may be started; after a crash it is called again, with *replace*, and goes on
        where what the topics had is in the ledgers already.

        Raises `Invalid` (as `check_backup`; not-empty, services-run, unpublished), `Unavailable`, `CannotStart`.
        """
        head, count = check_backup(file, self.keys, self.report)
        with open_ledgers(self.mongo) as client:
            progress = unfinished(client)
            if progress is None or progress.at != head.at or progress.recovered is None:
                # Of one that was cut off before it had read the topics, these still have all.
                is_half = progress is not None and progress.recovered is None
                self._refuse(client, replace=replace, discard=discard or is_half)
                progress = self._put_back(client, head, file)
            if self.kafka and progress.shape:
                asyncio.run(refuse_while_services_run(self.kafka))
                asyncio.run(make_topics_anew(self.kafka, progress.shape))
                self.report("トピックを作り直しました。")
            republish_events(self.mongo, since=head.at - RETENTION)
            asyncio.run(self._note(head))
            asyncio.run(self._record(head))
            finish(client)
        return Restored(at=head.at, count=count, recovered=progress.recovered or Recovered())

    def _refuse(self, client: Ledgers, *, replace: bool, discard: bool) -> None:
        if self.kafka:
            asyncio.run(refuse_while_services_run(self.kafka))
        if not replace and _has_documents(client):
            raise Invalid("not-empty")
        if not discard and (count := _unpublished(client)):
            raise Invalid(f"unpublished: {count}")

    def _put_back(self, client: Ledgers, head: Head, file: Path) -> Unfinished:
        """All ledgers as they were, with what the topics have beyond them, and without what was erased."""
        # First: services that somebody starts too early are refused. Those of versions before are not: they must not
        # send what may have been sent.
        note(client, Unfinished(at=head.at))
        _empty(client)
        asyncio.run(self._note(head))
        with _contents(file, self.keys) as contents:
            for collection, documents in contents.collections():
                _put(client, collection, documents)
        self.report("データベースを復元しました。")
        recovered, shape = Recovered(), None
        if self.kafka:
            shape = asyncio.run(shape_of_topics(self.kafka))
            recovered = asyncio.run(recover_newer(self.mongo, self.kafka, head.at - NEWER_SINCE, self.now))
        asyncio.run(self._forget_erased())
        progress = Unfinished(at=head.at, recovered=recovered, shape=shape)
        note(client, progress)
        return progress

    async def _forget_erased(self) -> None:
        """Else the services would publish it again before they have read that it is erased."""
        async with eraser(self.mongo, self.now) as erasing:
            await erasing.forget_at_once()

    async def _note(self, head: Head) -> None:
        """From then on notify sends nothing that was due before."""
        async with connect(self.mongo, _DATABASES["notify"]) as database:
            await MongoRestores(database).add(backed_up_at=head.at, restored_at=self.now())

    async def _record(self, head: Head) -> None:
        """What the audit had after the backup is gone: it says so itself."""
        async with connect(self.mongo, _DATABASES["dashboard"]) as database:
            await MongoAudit(database).record("restored-backup", self.now(), OPERATOR, rfc3339(head.at))


@contextmanager
def _contents(file: Path, keys: Keys) -> Iterator[ContentsReader]:
    try:
        opening = file.open("rb")
    except OSError:
        raise Invalid("no-backup") from None
    with opening as stream:
        yield ContentsReader(opened(stream, keys))


def _has_documents(client: Ledgers) -> bool:
    return any(
        client[database][name].find_one({}, {"_id": 1})
        for database in _DATABASES.values()
        for name in _names(client, database)
    )


def _unpublished(client: Ledgers) -> int:
    """How many events no topic has had: those of requests that were acknowledged while Kafka was away."""
    return sum(
        client[one.database][outbox].count_documents({"relay.state": "pending"})
        for one in SERVICES
        for outbox in one.outboxes
    )


def _empty(client: Ledgers) -> None:
    """Collection by collection: a database may hold the role of its service."""
    for database in _DATABASES.values():
        for name in _names(client, database):
            empty(client[database][name])


def _names(client: Ledgers, database: str) -> Sequence[str]:
    return [name for name in client[database].list_collection_names() if not name.startswith("system.")]


def _put(client: Ledgers, collection: Collection, documents: Iterator[bytes]) -> None:
    database = client[_DATABASES[collection.service]]
    if collection.name not in database.list_collection_names():
        database.create_collection(collection.name, **collection.options)
    target: Any = database[collection.name]
    while batch := [RawBSONDocument(document) for document in islice(documents, _BATCH)]:
        target.insert_many(batch, ordered=False)
    indexes = [{**index} for index in collection.indexes if index["name"] != "_id_"]
    if indexes:
        database.command("createIndexes", collection.name, indexes=indexes)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
