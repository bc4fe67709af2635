"""`mitsumori check`: its exit code and its last line say the same as the lines between them."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from services.registry import SERVICES
from tests.cli.builders import mitsumori
from tests.local.test_dead_letters import a_letter

ALL_IS_WELL = "2 分を超えて終わらないものはありません。"
LONG_AGO = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
Ledgers = Mapping[str, Database[dict[str, Any]]]


@pytest.fixture
def ledgers(mongo_uri: str) -> Iterator[Ledgers]:
    """Of the four services, and nothing in them."""
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        databases = {str(one.name): client[one.database] for one in SERVICES}
        empty(databases)
        yield databases
        empty(databases)


def empty(databases: Ledgers) -> None:
    for one in SERVICES:
        for name in ("requests", "dead_letters", *one.outboxes):
            databases[one.name][name].delete_many({})


def park(ledgers: Ledgers) -> None:
    one = next(one for one in SERVICES if one.name == "notify")
    ledgers[one.name][one.outboxes[0]].insert_one({"_id": "parked", "relay": {"state": "parked"}})


def set_aside(ledgers: Ledgers) -> None:
    ledgers["rating"]["dead_letters"].insert_one(a_letter("a"))


def wait_for_a_key(ledgers: Ledgers) -> None:
    ledgers["rating"]["dead_letters"].insert_one(a_letter("a", "unknown-key", waits_for="rating-2"))


@pytest.mark.usefixtures("ledgers")
def test_where_nothing_waits_for_anybody_all_is_well(mongo_uri: str) -> None:
    ended = mitsumori("check", MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, "[要対応]" in ended.stdout) == (0, False)
    assert ended.stdout.splitlines()[-1] == ALL_IS_WELL


@pytest.mark.parametrize(
    ("leave", "says"),
    [
        pytest.param(park, "渡せない記録が 1 件", id="a record that no service can hand over"),
        pytest.param(set_aside, "処理できなかった記録が 1 件", id="a record that was set aside"),
        pytest.param(wait_for_a_key, "鍵を待つ記録が 1 件", id="a record that waits for a key"),
    ],
)
def test_what_somebody_must_act_on_is_never_followed_by_all_is_well(
    ledgers: Ledgers, mongo_uri: str, leave: Callable[[Ledgers], None], says: str
) -> None:
    """The line was followed by 「終わらないものはありません」 and exit code 0: no monitor saw a parked record."""
    leave(ledgers)

    ended = mitsumori("check", MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, f"[要対応] {says}" in ended.stdout) == (1, True)
    assert ALL_IS_WELL not in ended.stdout


def test_of_a_request_that_is_missing_the_log_is_named_with_and_without_containers(
    ledgers: Ledgers, mongo_uri: str
) -> None:
    """`mitsumori logs` reads what `mitsumori run` has written: in containers it finds nothing."""
    request = {"_id": "r-1", "reception_no": "K7M2P4XR", "product": "cyber-security", "accepted_at": LONG_AGO}
    ledgers["intake"]["requests"].insert_one({**request, "wishes": {"quote": True}})

    ended = mitsumori("check", MITSUMORI_MONGO=mongo_uri)

    assert ended.returncode == 1
    assert "mitsumori logs rating(コンテナでは docker compose logs rating)" in ended.stdout


def test_a_program_that_reads_the_figures_gets_the_same_exit_code(ledgers: Ledgers, mongo_uri: str) -> None:
    park(ledgers)

    ended = mitsumori("check", "--json", MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, json.loads(ended.stdout)["events_parked"]) == (1, 1)
