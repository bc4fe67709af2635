"""What is inside of a backup is complete, or it is refused."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import bson
import pytest

from local.backup.contents import CODEC, Collection, ContentsReader, ContentsWriter, Head
from shared.errors import Invalid

HEAD = Head(at=datetime(2026, 11, 27, 18, tzinfo=UTC), version="0.1.0")
INDEXES = [{"v": 2, "key": {"_id": 1}, "name": "_id_"}]
REQUESTS = [{"_id": str(number), "text": "見積り" * number} for number in range(300)]


def written(**collections: Sequence[dict[str, Any]]) -> bytes:
    content = bytearray()
    writer = ContentsWriter(content.extend, HEAD)
    for name, documents in collections.items():
        collection = Collection(service="intake", name=name, options={}, indexes=INDEXES)
        batches = (b"".join(map(bson.encode, documents[at : at + 100])) for at in range(0, len(documents), 100))
        writer.collection(collection, batches)
    writer.finish()
    return bytes(content)


def read(content: bytes) -> dict[str, list[dict[str, Any]]]:
    blocks = (content[at : at + 1_000] for at in range(0, len(content), 1_000))
    reader = ContentsReader(blocks)
    assert reader.head == HEAD
    return {
        collection.name: [bson.decode(document, CODEC) for document in documents]
        for collection, documents in reader.collections()
    }


def test_every_document_is_read_back_as_it_was_and_in_its_collection() -> None:
    assert read(written(requests=REQUESTS, links=[], tariffs=REQUESTS[:1])) == {
        "requests": REQUESTS,
        "links": [],
        "tariffs": REQUESTS[:1],
    }


@pytest.mark.parametrize("size", [0, 1, 100, -100, -1])
def test_contents_that_end_too_early_are_refused(size: int) -> None:
    """The file around them is sealed with its end. This is for a program that has died in a way nobody thought of."""
    with pytest.raises(Invalid, match="broken-backup"):
        read(written(requests=REQUESTS)[:size])


def test_contents_that_go_on_after_their_end_are_refused() -> None:
    with pytest.raises(Invalid, match="broken-backup"):
        read(written(requests=REQUESTS) + b"more")


def test_what_was_counted_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Collection, "add", lambda *_: None)
    content = written(requests=REQUESTS)
    monkeypatch.undo()

    with pytest.raises(Invalid, match="broken-backup"):
        read(content)
