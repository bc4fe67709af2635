"""`mitsumori webhooks`: subscribed, listed, told again, paused and removed from the command line."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from local.keys import ensure_keys
from services.dashboard.adapters.mongo_facts import document_of
from tests.cli.builders import mitsumori
from tests.services.dashboard.builders import NOON, a_closing, an_offer


@pytest.fixture
def desk(mongo_uri: str) -> Iterator[Database[dict[str, Any]]]:
    """The dashboard's database, with an offer and the end of a case."""
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        database = client["mitsumori_dashboard"]
        names = ("webhooks", "webhook_deliveries", "webhook_attempts", "quotes", "decisions")
        for name in names:
            database[name].delete_many({})
        for name, document in (document_of(an_offer()), document_of(a_closing())):
            database[name].insert_one(document)
        yield database
        for name in names:
            database[name].delete_many({})


def test_a_program_is_subscribed_told_again_and_removed(
    desk: Database[dict[str, Any]], mongo_uri: str, tmp_path: Path
) -> None:
    ensure_keys(tmp_path)
    settings = {"MITSUMORI_MONGO": mongo_uri, "MITSUMORI_KEYS": str(tmp_path / "dashboard")}
    words = ("webhooks", "add", "crm", "https://crm.example.jp/hook", "--event", "quote.*", "--event", "case.*")

    made, again = mitsumori(*words, **settings), mitsumori(*words, **settings)
    replayed = mitsumori("webhooks", "replay", "crm", "--since", "2026-11-23T12:05:00", **settings)
    listed = mitsumori("webhooks", "list", **settings)
    delivery = desk["webhook_deliveries"].find_one()
    desk["webhook_attempts"].insert_one(
        {"subscription": "crm", "at": datetime(2026, 11, 23, 3, 13, tzinfo=UTC), "type": "case.closed", "number": 1}
        | {"message_id": "m", "status": None, "problem": "timed-out"}
    )
    log = mitsumori("webhooks", "log", "crm", **settings)
    paused = mitsumori("webhooks", "pause", "crm", **settings)
    listed_paused, log_paused = (mitsumori("webhooks", *words, **settings) for words in (("list",), ("log", "crm")))
    resumed = mitsumori("webhooks", "resume", "crm", **settings)
    listed_again = mitsumori("webhooks", "list", **settings)
    removed = [mitsumori("webhooks", "remove", "crm", **settings) for _ in range(2)]

    assert made.stdout.startswith("whsec_"), made.stderr
    assert (again.returncode, "すでに使われています" in again.stderr) == (2, True)
    assert replayed.stdout == "1 件の通知をもう一度送ります。\n"
    assert delivery
    assert (delivery["type"], delivery["at"].replace(tzinfo=UTC) > NOON) == ("case.closed", True)
    assert listed.stdout == "crm\thttps://crm.example.jp/hook\tcase.* quote.*\t送信待ち 1\t送信済 0\t断念 0\n"
    assert log.stdout == "2026-11-23 12:13:00\tcase.closed\tm\t1 回目\t応答がありません\n"
    assert (paused.returncode, resumed.returncode, listed_again.stdout) == (0, 0, listed.stdout)
    assert re.search(r"\t断念 0\t一時停止中\(\d{4}-\d\d-\d\d \d\d:\d\d から\)\n$", listed_paused.stdout)
    assert re.search(r"一時停止中\(.* から\)、送信待ち 1 件\n$", log_paused.stderr)
    assert log_paused.stdout == log.stdout
    assert [ended.returncode for ended in removed] == [0, 2]
    assert desk["webhook_deliveries"].count_documents({}) == 0


def test_an_event_that_does_not_exist_is_answered_with_those_that_do(mongo_uri: str, tmp_path: Path) -> None:
    ensure_keys(tmp_path)

    ended = mitsumori(
        *("webhooks", "add", "crm", "https://crm.example.jp", "--event", "quote.sold"),
        MITSUMORI_MONGO=mongo_uri,
        MITSUMORI_KEYS=str(tmp_path / "dashboard"),
    )

    assert (ended.returncode, "quote.offered" in ended.stderr) == (2, True)
