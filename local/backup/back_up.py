"""Writes a backup: all four databases as they were at one moment, while the services work. For `mitsumori backup`.

MongoDB reads all of it at one point of its own history (snapshot), so nothing is in the backup whose cause is not: it
is what a power cut at that moment would have left, and every start copes with that.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any, BinaryIO, Final

from nacl.public import PublicKey
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure

from local.backup.contents import Collection, ContentsWriter, Counted, Document, Head
from local.backup.files import UNFINISHED, file_name
from local.backup.restoring import unfinished
from local.backup.sealed_file import SealingWriter
from local.folders import sync_folder
from local.ledgers import Ledgers, open_ledgers
from services.registry import SERVICES
from shared.clock import Clock
from shared.errors import Unavailable
from shared.events import rfc3339

LEFT_OUT: Final[Mapping[str, frozenset[str]]] = {
    "notify": frozenset({"workers"}),
    "dashboard": frozenset({"sessions", "invitations", "challenges", "company_log_ins", "presence"}),
}
"""What must not come back: who was logged out since, or has used their link, would get in again."""
_PARAMETER: Final = "minSnapshotHistoryWindowInSeconds"
_HISTORY_S: Final = 4 * 60 * 60
_HISTORY_OF_MONGO_S: Final = 300
"""Where another backup was killed before it could put its own back."""
_TRIES: Final = 3
_CATALOG_CHANGED: Final = 246
_TOO_OLD: Final = 239
_NAMES_OF_MONGO: Final = "system."


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What was written: the file, from which moment it is, its size in bytes, its SHA-256, and what is in it."""

    file: Path
    at: datetime
    size: int
    sha256: str
    counted: Sequence[Counted]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackUp:
    """Writes backups for the holder of `key`: its id and its public half."""

    mongo: str
    key: tuple[str, PublicKey]
    now: Clock

    def __call__(self, folder: Path) -> BackedUp:
        """Write one into *folder*, which is made. A file under its final name is whole and on the disk.

        All that was acknowledged before its moment is in it. Raises `Invalid` or `Unavailable` (mongo, too-slow).
        """
        with _alone(folder), open_ledgers(self.mongo) as client, _long_history(client):
            if unfinished(client):
                # The newest backup would be half of an older one.
                raise Unavailable("復元が終わっていません。先に mitsumori restore を、もう一度実行してください。")
            for tries_left in reversed(range(_TRIES)):
                try:
                    return self._written(client, folder)
                except OperationFailure as error:
                    # A collection or an index was made in that very moment.
                    if error.code != _CATALOG_CHANGED or not tries_left:
                        raise Unavailable("too-slow" if error.code == _TOO_OLD else "mongo") from None
                except OSError as error:
                    raise Unavailable(f"{folder} に書き込めません: {error.strerror}") from None
        raise AssertionError

    def _written(self, client: Ledgers, folder: Path) -> BackedUp:
        listed = list(_listed(client))
        with client.start_session(snapshot=True) as session:
            at = self.now()
            # The first read has MongoDB choose its moment, which holds for all that follow.
            client[SERVICES[0].database]["requests"].find_one({}, {"_id": 1}, session=session)
            path = folder / file_name(at)
            part = path.with_name(f"{path.name}{UNFINISHED}")
            try:
                with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    hashing = _Hashing(file)
                    counted = self._write(session, at, hashing, listed)
                    file.flush()
                    os.fsync(file.fileno())
                part.rename(path)
            finally:
                part.unlink(missing_ok=True)
        sync_folder(folder)
        size, sha256 = path.stat().st_size, hashing.sha256.hexdigest()
        return BackedUp(file=path, at=at, size=size, sha256=sha256, counted=counted)

    def _write(
        self, session: ClientSession, at: datetime, file: "_Hashing", listed: Sequence[Collection]
    ) -> Sequence[Counted]:
        (key_id, public), version = self.key, metadata.version("mitsumori")
        sealing = SealingWriter(file, key_id, public, {"at": rfc3339(at), "version": version})
        contents = ContentsWriter(sealing.write, Head(at=at, version=version))
        databases = {str(service.name): service.database for service in SERVICES}
        for collection in listed:
            found: Any = session.client[databases[collection.service]][collection.name]
            contents.collection(collection, found.find_raw_batches({}, session=session))
        counted = contents.finish()
        sealing.finish()
        return counted


def _listed(client: Ledgers) -> Iterator[Collection]:
    """Before the moment of the backup is chosen: a collection that is made later has nothing in it yet."""
    for service in SERVICES:
        database, left_out = client[service.database], LEFT_OUT.get(service.name, frozenset())
        for one in sorted(database.list_collections(filter={"type": "collection"}), key=lambda found: found["name"]):
            name = str(one["name"])
            if name not in left_out and not name.startswith(_NAMES_OF_MONGO):
                indexes: list[Document] = [dict(index) for index in database[name].list_indexes()]
                options = dict(one.get("options", {}))
                yield Collection(service=service.name, name=name, options=options, indexes=indexes)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other backup is written to *folder*, which is made, and nothing is left of one that was killed."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise Unavailable(f"{folder} に書き込めません: {error.strerror}") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for killed in folder.glob(f"*{UNFINISHED}"):
            killed.unlink()
        yield
    except BlockingIOError:
        raise Unavailable(f"{folder} に、別のバックアップを書いています。") from None
    finally:
        os.close(descriptor)


@contextmanager
def _long_history(client: Ledgers) -> Iterator[None]:
    """Have MongoDB keep its history for longer than 300 seconds in the block, if this user may say so."""
    try:
        was = _set_history(client, _HISTORY_S)
    except OperationFailure:
        yield  # As long as it is: often that is enough.
        return
    try:
        yield
    finally:
        _set_history(client, was if was != _HISTORY_S else _HISTORY_OF_MONGO_S)


def _set_history(client: Ledgers, seconds: int) -> int:
    """Returns what it was before."""
    was: int = client.admin.command({"setParameter": 1, _PARAMETER: seconds})["was"]
    return was


class _Hashing:
    """A file that knows the SHA-256 of what was written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.sha256.update(content)
        return self._file.write(content)
