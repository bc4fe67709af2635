"""What is inside of a backup: documents in BSON as MongoDB keeps them, compressed, collection after collection.

At the end stands how many there were of each, and their SHA-256. Whoever writes and whoever reads agree here.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

import bson
from bson.codec_options import CodecOptions

from local.backup.packing import Packer, unpacked
from services.registry import SERVICES
from shared.errors import Invalid

Document = dict[str, Any]
CODEC: Final[CodecOptions[Document]] = CodecOptions(tz_aware=True)
_END_OF_COLLECTION: Final = bson.encode({})
"""No document of a collection is empty: each has an `_id`."""
_LENGTH: Final = 4
_LARGEST: Final = 32 * 2**20
"""Twice what MongoDB takes as a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """*at*: the one moment that all databases are from. *version*: of the program that wrote it."""

    at: datetime
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Collection *name* of *service*: how many documents it had, of how many bytes together, and their SHA-256."""

    service: str
    name: str
    count: int
    size: int
    sha256: str


@dataclass(slots=True, kw_only=True)
class Collection:
    """Its documents follow it. `options` and `indexes` are as MongoDB lists them."""

    service: str
    name: str
    options: Document
    indexes: Sequence[Document]
    count: int = 0
    size: int = 0
    _sha256: Any = field(default_factory=hashlib.sha256)

    def add(self, documents: bytes, count: int) -> None:
        """Count what was written or read."""
        self.count += count
        self.size += len(documents)
        self._sha256.update(documents)

    @property
    def counted(self) -> Counted:
        """After its last document."""
        return Counted(
            service=self.service,
            name=self.name,
            count=self.count,
            size=self.size,
            sha256=self._sha256.hexdigest(),
        )


class ContentsWriter:
    """Gives *write* the content of a backup, piece by piece."""

    def __init__(self, write: Callable[[bytes], object], head: Head) -> None:
        self._packer = Packer(write)
        self._counted: list[Counted] = []
        self._packer.put(bson.encode(asdict(head)))

    def collection(self, collection: Collection, batches: Iterator[bytes]) -> None:
        """*batches*: its documents, one behind the other."""
        told = {name: getattr(collection, name) for name in ("service", "name", "options", "indexes")}
        self._packer.put(bson.encode(told))
        for batch in batches:
            collection.add(batch, sum(1 for _ in _documents_in(batch)))
            self._packer.put(batch)
        self._packer.put(_END_OF_COLLECTION)
        self._counted.append(collection.counted)

    def finish(self) -> Sequence[Counted]:
        """Write what there was, which the reader compares."""
        self._packer.put(_END_OF_COLLECTION)
        self._packer.put(bson.encode({"counted": [asdict(one) for one in self._counted]}))
        self._packer.finish()
        return self._counted


class ContentsReader:
    """Reads *blocks*, which `ContentsWriter` has written. Everything raises `Invalid` (broken-backup)."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._pieces = unpacked(blocks)
        self._buffer = bytearray()
        self.head = _head(self._next())

    def collections(self) -> Iterator[tuple[Collection, Iterator[bytes]]]:
        """Each with its documents, which must be read before the next. At the end all is compared."""
        counted = []
        while (told := self._next()) != _END_OF_COLLECTION:
            collection = _collection(told)
            yield collection, self._documents(collection)
            counted.append(asdict(collection.counted))
        if _decoded(self._next()).get("counted") != counted or self._has_more():
            raise Invalid("broken-backup")

    def _documents(self, collection: Collection) -> Iterator[bytes]:
        while (document := self._next()) != _END_OF_COLLECTION:
            collection.add(document, 1)
            yield document

    def _next(self) -> bytes:
        length = int.from_bytes(self._read(_LENGTH, take=False), "little")
        if not len(_END_OF_COLLECTION) <= length <= _LARGEST:
            raise Invalid("broken-backup")
        return self._read(length, take=True)

    def _read(self, size: int, *, take: bool) -> bytes:
        while len(self._buffer) < size:
            if not self._fill():
                raise Invalid("broken-backup")
        found = bytes(self._buffer[:size])
        if take:
            del self._buffer[:size]
        return found

    def _fill(self) -> bool:
        piece = next(self._pieces, b"")
        self._buffer += piece
        return bool(piece)

    def _has_more(self) -> bool:
        return bool(self._buffer) or self._fill()


def _documents_in(batch: bytes) -> Iterator[int]:
    place = 0
    while place < len(batch):
        yield place
        place += int.from_bytes(batch[place : place + _LENGTH], "little")


def _decoded(content: bytes) -> Document:
    try:
        return bson.decode(content, CODEC)
    except bson.errors.BSONError:
        raise Invalid("broken-backup") from None


def _head(content: bytes) -> Head:
    try:
        return Head(**_decoded(content))
    except TypeError:
        raise Invalid("newer-backup") from None


def _collection(content: bytes) -> Collection:
    try:
        found = Collection(**_decoded(content))
    except TypeError:
        raise Invalid("broken-backup") from None
    if found.service not in {service.name for service in SERVICES}:
        raise Invalid("newer-backup")
    return found
