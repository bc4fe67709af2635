"""A real mongod: found, started, killed and started again."""

import os
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient, WriteConcern
from pymongo.errors import OperationFailure

from local.children import LOOPBACK, CannotStart, Child, free_port, is_listening
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


def test_the_server_takes_no_compressed_messages(mongod: Mongod) -> None:
    """CVE-2025-14847: with zlib, servers of before 6.0.27 show memory to strangers without a password."""
    with MongoClient[dict[str, Any]](mongod.uri) as client:
        hello = client.admin.command("hello", compression=["zlib", "snappy", "zstd"])

    assert "compression" not in hello


def test_the_log_shows_nothing_of_what_is_slow(mongod: Mongod) -> None:
    """On a busy machine it had a whole letter in it, with the customer's address."""
    with MongoClient[dict[str, Any]](mongod.uri) as client:
        people = client["slow"]["people"]
        people.insert_one({"mail": "canary@customer.example"})

        found = people.find_one({"mail": "canary@customer.example", "$where": "sleep(300) || true"})

        client.drop_database("slow")
    assert found is not None
    assert b"canary@customer.example" not in mongod.child.log.read_bytes()


def leave_data_without_passwords(folder: Path) -> None:
    """What a mongod that knows no users leaves in *folder*, as the version before did."""
    (folder / "data").mkdir()
    port = free_port()
    options = ("--dbpath", folder / "data", "--port", str(port), "--bind_ip", LOOPBACK, "--replSet", "rs0")
    mongod = Child("mongod", [find_mongod(folder / "bin"), *options], folder / "mongod.log")
    mongod.start()
    mongod.wait_until(lambda: is_listening(port), 30)
    with MongoClient[dict[str, Any]](LOOPBACK, port, directConnection=True) as client:
        members = [{"_id": 0, "host": f"{LOOPBACK}:{port}"}]
        client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
        mongod.wait_until(lambda: client.admin.command("hello")["isWritablePrimary"], 30)
        client["mitsumori_intake"]["requests"].insert_one({"_id": "kept"})
    mongod.stop()


@pytest.mark.anyio
async def test_each_test_gets_an_empty_database(database: Database) -> None:
    assert await database.list_collection_names() == []


def test_data_of_a_version_without_passwords_gets_them_at_the_next_start(tmp_path: Path) -> None:
    """Data folders live longer than versions. The port is another one too, which the replica set must learn."""
    leave_data_without_passwords(tmp_path)

    mongod = Mongod(tmp_path)
    mongod.start()

    with MongoClient[dict[str, Any]](mongod.uri_of("intake")) as client:
        assert client["mitsumori_intake"]["requests"].find_one() == {"_id": "kept"}
    stranger = MongoClient[dict[str, Any]](LOOPBACK, mongod.port, directConnection=True)
    with stranger, pytest.raises(OperationFailure, match="authentication"):
        stranger["mitsumori_intake"]["requests"].find_one()
    mongod.kill()


def test_the_passwords_of_a_folder_stay_and_are_for_its_owner_alone(tmp_path: Path) -> None:
    first = Mongod(tmp_path)
    first.start()
    first.stop()

    second = Mongod(tmp_path, first.port)

    assert second.uri == first.uri
    assert second.uri_of("rating") != second.uri_of("notify")
    secrets = [tmp_path / "keyfile", tmp_path / "passwords.json"]
    assert {path.stat().st_mode & 0o777 for path in secrets} == {0o600}


def test_a_lost_file_of_passwords_locks_nobody_out(tmp_path: Path) -> None:
    """The key file is the server's own password; with it the users get new ones."""
    first = Mongod(tmp_path)
    first.start()
    first.stop()
    (tmp_path / "passwords.json").unlink()

    second = Mongod(tmp_path)
    second.start()

    with MongoClient[dict[str, Any]](second.uri_of("dashboard")) as client:
        client["mitsumori_dashboard"]["audit"].insert_one({"_id": "act"})
        for change in ({"$set": {"act": "other"}}, {"$unset": {"act": ""}}):
            with pytest.raises(OperationFailure, match="not authorized"):
                client["mitsumori_dashboard"]["audit"].update_one({"_id": "act"}, change)
        with pytest.raises(OperationFailure, match="not authorized"):
            client["mitsumori_dashboard"]["audit"].delete_one({"_id": "act"})
    second.kill()
