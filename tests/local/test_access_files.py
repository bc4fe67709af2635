"""A MongoDB of containers: with our key file, and with nothing in it yet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from local.access_files import make_mongo_users, write_access_files
from local.children import LOOPBACK, CannotStart, Child, free_port
from local.mongod import find_mongod


class NewMongod:
    """A mongod that was told the name of its replica set, and is not a member of one yet."""

    def __init__(self, folder: Path) -> None:
        self.address = f"{LOOPBACK}:{free_port()}"
        self.folder = folder / "access"
        write_access_files(self.folder, self.address, "kafka:9092")
        (folder / "data").mkdir()
        key_file = self.folder / "mongo" / "keyfile"
        options = ("--dbpath", folder / "data", "--port", self.address.partition(":")[2], "--bind_ip", LOOPBACK)
        access = ("--replSet", "rs0", "--keyFile", key_file)
        self.child = Child("mongod", [find_mongod(folder / "bin"), *options, *access], folder / "mongod.log")

    def client_of(self, service: str) -> MongoClient[dict[str, Any]]:
        return MongoClient((self.folder / service / "mitsumori_mongo").read_text("ascii"))


@pytest.fixture
def new_mongod(tmp_path: Path) -> Iterator[NewMongod]:
    server = NewMongod(tmp_path)
    yield server
    server.child.kill()


def test_the_one_shot_waits_for_the_database_and_makes_it_a_replica_set_with_users(new_mongod: NewMongod) -> None:
    """It starts with MongoDB: a health check would make the first start longer, and one by mongosh every one."""
    new_mongod.child.start()

    make_mongo_users(new_mongod.folder / "operator", new_mongod.address)

    with new_mongod.client_of("intake") as intake:
        intake["mitsumori_intake"]["requests"].insert_one({"_id": "kept"})
        with pytest.raises(OperationFailure, match="not authorized"):
            intake["mitsumori_rating"]["quotes"].find_one()


def test_the_one_shot_leaves_a_database_as_it_is_at_the_next_up(new_mongod: NewMongod) -> None:
    new_mongod.child.start()
    make_mongo_users(new_mongod.folder / "operator", new_mongod.address)
    with new_mongod.client_of("operator") as operator:
        before = [state(operator), operator.admin.command("usersInfo", 1)["users"]]

        make_mongo_users(new_mongod.folder / "operator", new_mongod.address)

        assert [state(operator), operator.admin.command("usersInfo", 1)["users"]] == before


def state(operator: MongoClient[dict[str, Any]]) -> dict[str, Any]:
    config: dict[str, Any] = operator.admin.command("replSetGetConfig")["config"]
    return config


def test_a_database_that_does_not_come_is_named(new_mongod: NewMongod) -> None:
    with pytest.raises(CannotStart, match=new_mongod.address):
        make_mongo_users(new_mongod.folder / "operator", new_mongod.address, wait_s=0)
