"""Everything that a system has, as somebody with all of its keys would read it: parcels opened, letters decoded."""

import base64
import binascii
import json
import quopri
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import bson
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from local.backup.contents import ContentsReader
from local.backup.sealed_file import opened
from services.notify.adapters.letter_seals import load_letter_seals
from services.registry import SERVICES
from tests.journeys.world import World

_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{20,}={0,2}\r?\n?)+")


class Opener:
    """With every secret key in the folders of a system."""

    def __init__(self, keys: Path) -> None:
        self._boxes = {
            path.stem: SealedBox(PrivateKey(base64.b64decode(path.read_text("ascii"))))
            for path in keys.rglob("*.key")
            if re.fullmatch(r"(rating|notify|desk)-\d+", path.stem)
        }
        self._seals = load_letter_seals(keys / "notify")

    def texts(self, value: object) -> Iterator[str]:
        """All that is written in *value*, however it is wrapped."""
        match value:
            case {"key": str(key), "box": str(box)}:
                yield from self._opened(key, box)
            case {"seal": seal, "pieces": [_, *_] as pieces, **rest}:
                yield from self.texts(self._seals.pieces_of({"seal": seal, "pieces": pieces, **_named(rest)}))
                yield from self.texts(rest)
            case Mapping():
                yield json.dumps(value, ensure_ascii=False, default=str)
                for one in value.values():
                    yield from self.texts(one)
            case list() | tuple():
                for one in value:
                    yield from self.texts(one)
            case str():
                yield value
                yield from self._of_json(value)
            case bytes():
                yield from self._of_bytes(value)

    def _opened(self, key: str, box: str) -> Iterator[str]:
        try:
            yield from self.texts(json.loads(self._boxes[key].decrypt(base64.b64decode(box))))
        except (KeyError, CryptoError):
            yield ""  # There is no such key, or the box was emptied.

    def _of_json(self, text: str) -> Iterator[str]:
        if text[:1] != "{":
            return
        try:
            found = json.loads(text)
        except ValueError:  # Sealed bytes may begin with a brace, too.
            return
        yield from self.texts(found)

    def _of_bytes(self, value: bytes) -> Iterator[str]:
        """A record, or a part of a mail: in 8 bits, quoted-printable or base64."""
        text = value.decode(errors="replace")
        yield text
        yield quopri.decodestring(value).decode(errors="replace")
        yield from self._of_json(text)
        for found in _BASE64.findall(value):
            try:
                yield base64.b64decode(found).decode(errors="replace")
            except binascii.Error:
                continue


def _named(fields: Mapping[Any, Any]) -> dict[str, Any]:
    return dict(fields)


def found_in(world: World, opener: Opener, words: tuple[str, ...]) -> dict[str, set[str]]:
    """Database → the collections in which one of *words* can be read."""
    found: dict[str, set[str]] = {}
    with world.mongo() as client:
        for service in SERVICES:
            database = client[service.database]
            for name in database.list_collection_names():
                documents: Iterator[Mapping[str, Any]] = iter(database[name].find())
                if any(word in text for one in documents for text in opener.texts(one) for word in words):
                    found.setdefault(service.database, set()).add(name)
    return found


def found_in_backup(
    file: Path, keys: Mapping[str, PrivateKey], opener: Opener, words: tuple[str, ...]
) -> dict[str, set[str]]:
    """As `found_in`, by the name of the service: by somebody who can also open the backup *file*, with *keys*."""
    found: dict[str, set[str]] = {}
    with file.open("rb") as stream:
        for collection, documents in ContentsReader(opened(stream, keys)).collections():
            for document in documents:
                if any(word in text for text in opener.texts(bson.decode(document)) for word in words):
                    found.setdefault(collection.service, set()).add(collection.name)
    return found


def found_on_topics(world: World, opener: Opener, words: tuple[str, ...], *topics: str) -> set[str]:
    """The topics on which one of *words* can be read."""
    return {
        topic
        for topic in topics
        for record in world.records(topic)
        if any(word in text for text in opener.texts(record.value) for word in words)
    }
