"""A small backup as this version writes them, kept for those that come after: a backup is read for years.

`python -m tests.contracts.kept_backup` writes the one of the version in pyproject.toml, before that is released. After
a release it is never written again.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import bson

from local.backup.backup_keys import add_backup_key, public_key
from local.backup.contents import CODEC, Collection, ContentsWriter, Head
from local.backup.files import ENDING
from local.backup.sealed_file import SealingWriter

FOLDER: Final = Path(__file__).parent / "golden" / "ledgers"
KEY: Final = FOLDER / "backup-1.key"
"""It opens nothing but these files."""
NOON: Final = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
DOCUMENTS: Final[dict[tuple[str, str], list[dict[str, Any]]]] = {
    ("intake", "requests"): [
        {"_id": "r-1", "accepted_at": NOON, "event": {"parcels": {"desk": {"key": "desk-1", "box": "AAAA"}}}},
        {"_id": "r-2", "accepted_at": NOON, "relay": {"state": "sent", "partition": 5, "offset": 2**40}},
    ],
    ("rating", "quotes"): [{"_id": "q-1", "request_id": "r-1", "premium": 92_800, "steps": ["1.25", None, True]}],
    ("notify", "letters"): [{"_id": "l-1", "request_id": "r-1", "content": bytes(range(256)) * 8}],
    ("dashboard", "migrations"): [{"_id": 1, "title": "済んだ変更", "removes": True, "done_at": NOON}],
    ("dashboard", "saved_views"): [],
}
INDEXES: Final = [
    {"v": 2, "key": {"_id": 1}, "name": "_id_"},
    {"v": 2, "key": {"until": 1}, "name": "until", "sparse": True},
]


def write_backup(path: Path) -> None:
    """As `mitsumori backup` does, of `DOCUMENTS`."""
    if not KEY.exists():
        add_backup_key(FOLDER)
    version = metadata.version("mitsumori")
    with path.open("wb") as file:
        sealing = SealingWriter(file, *public_key(KEY.with_suffix(".pub")), {"version": version})
        contents = ContentsWriter(sealing.write, Head(at=NOON, version=version))
        for (service, name), documents in DOCUMENTS.items():
            contents.collection(Collection(service=service, name=name, options={}, indexes=INDEXES), batch(documents))
        contents.finish()
        sealing.finish()


def batch(documents: list[dict[str, Any]]) -> Iterator[bytes]:
    """As MongoDB hands them over."""
    yield b"".join(bson.encode(document, codec_options=CODEC) for document in documents)


if __name__ == "__main__":
    write_backup(FOLDER / f"{metadata.version('mitsumori')}{ENDING}")
