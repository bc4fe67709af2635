"""Every format of backups that was ever released is read for good: who restores one may have updated since."""

from importlib import metadata
from pathlib import Path

import bson
import pytest

from local.backup.backup_keys import secret_keys
from local.backup.contents import CODEC, ContentsReader
from local.backup.files import ENDING
from local.backup.restore import check_backup
from local.backup.sealed_file import opened
from tests.contracts.kept_backup import DOCUMENTS, FOLDER, INDEXES, KEY, NOON, write_backup

KEPT = sorted(FOLDER.glob(f"*{ENDING}"))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_backup_of_each_version_is_read_whole(path: Path) -> None:
    with path.open("rb") as file:
        contents = ContentsReader(opened(file, secret_keys(KEY)))
        found = {
            (collection.service, collection.name): (
                list(collection.indexes),
                [bson.decode(document, CODEC) for document in documents],
            )
            for collection, documents in contents.collections()
        }

    assert found == {place: (INDEXES, documents) for place, documents in DOCUMENTS.items()}
    assert (contents.head.at, contents.head.version) == (NOON, path.name.removesuffix(ENDING))
    assert check_backup(path, secret_keys(KEY), lambda _line: None)[1] == sum(map(len, DOCUMENTS.values()))


def test_the_backup_of_todays_version_is_kept_as_it_writes_it(tmp_path: Path) -> None:
    """Changed before a release: write it anew (kept_backup.py). After one: a reader of both formats, and a new file."""
    write_backup(tmp_path / "new")

    kept = FOLDER / f"{metadata.version('mitsumori')}{ENDING}"
    assert kept in KEPT
    assert lengths(kept) == lengths(tmp_path / "new")


def lengths(path: Path) -> tuple[int, list[int]]:
    """Every byte differs each time, because its key is new; but not how long the first line and the blocks are."""
    with path.open("rb") as file:
        line = len(file.readline())
        file.seek(0)
        return line, [len(block) for block in opened(file, secret_keys(KEY))]
