"""A real mongod: found, started, killed and started again."""

import os
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient, WriteConcern

from local.children import CannotStart, free_port
from local.mongod import Mongod, find_mongod
from shared.runtime.adapters.mongo import Database
from tests.local.builders import broken_mongod


def test_a_mongod_on_the_path_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mongod = tmp_path / "mongod"
    mongod.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_mongod(tmp_path) == mongod


def test_a_library_that_mongod_misses_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last_words = "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file"
    monkeypatch.setenv("PATH", f"{broken_mongod(tmp_path, last_words)}:{os.environ['PATH']}")  # noqa: TID251  # the tools of this machine
    mongod = Mongod(tmp_path / "mongo")

    with pytest.raises(CannotStart, match=r"ライブラリ libcurl\.so\.4 がありません.*apt install libcurl4 libssl3"):
        mongod.start()


def test_the_ledger_survives_a_crash_and_a_move_to_another_port(tmp_path: Path) -> None:
    first = Mongod(tmp_path)
    first.start()
    with MongoClient[dict[str, Any]](first.uri) as client:
        ledger = client["ledger"].get_collection("facts", write_concern=WriteConcern("majority", j=True))
        ledger.insert_one({"_id": "kept"})
    first.kill()

    second = Mongod(tmp_path, free_port())
    second.start()

    with MongoClient[dict[str, Any]](second.uri) as client:
        assert client["ledger"]["facts"].find_one() == {"_id": "kept"}
    second.kill()


@pytest.mark.anyio
async def test_each_test_gets_an_empty_database(database: Database) -> None:
    assert await database.list_collection_names() == []
