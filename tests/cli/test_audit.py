"""`mitsumori audit verify`: an operator learns whether the record is whole, and what to note."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.collection import Collection

from tests.cli.builders import mitsumori


@pytest.fixture
def acts(mongo_uri: str) -> Iterator[Collection[dict[str, Any]]]:
    """The dashboard's audit, with the acts of making two accounts."""
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        database = client["mitsumori_dashboard"]
        database["audit"].delete_many({})
        for name in ("tanaka", "suzuki"):
            database["accounts"].delete_one({"_id": name})
            mitsumori("staff", "add", name, MITSUMORI_MONGO=mongo_uri)
        yield database["audit"]
        database["audit"].delete_many({})


def test_a_whole_audit_says_how_much_it_is_and_what_to_note(acts: Collection[dict[str, Any]], mongo_uri: str) -> None:
    ended = mitsumori("audit", "verify", MITSUMORI_MONGO=mongo_uri)
    head = ended.stdout.partition("最後の記録: ")[2].split()[0]
    acts.delete_one({"_id": 2})
    shorter = mitsumori("audit", "verify", "--known", head, MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, ended.stdout.startswith("3 件の記録")) == (0, True)
    assert (shorter.returncode, shorter.stdout.startswith("記録 2: ")) == (1, True)


def test_a_changed_entry_is_named(acts: Collection[dict[str, Any]], mongo_uri: str) -> None:
    acts.update_one({"_id": 1}, {"$set": {"account": "nobody"}})

    ended = mitsumori("audit", "verify", MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, ended.stdout) == (1, "記録 1: 内容が、記録されたときと違います。\n")


def test_a_note_that_cannot_be_read_is_said_to_be_one(mongo_uri: str) -> None:
    ended = mitsumori("audit", "verify", "--known", "last", MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, ended.stderr.startswith("mitsumori: --known")) == (2, True)
