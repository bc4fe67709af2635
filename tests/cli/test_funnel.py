"""`mitsumori funnel`: how far visitors come in each order of the form."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient

from services.registry import service
from shared.clock import utc_now
from tests.cli.builders import mitsumori

COVER_FIRST = "cover-first"


@pytest.fixture
def visits(mongo_uri: str) -> Iterator[None]:
    """Three of today and one of long ago: one was sent, two were asked in the order that is older."""
    now = utc_now()

    def step(visit: str, kind: str, minutes_ago: int, **about: object) -> dict[str, Any]:
        at = now - timedelta(minutes=minutes_ago)
        step = {"product": "cyber-security", "visit": visit, "kind": kind, "at": at, "page": "", "keys": []}
        return step | {"order": COVER_FIRST} | about

    with MongoClient[dict[str, Any]](mongo_uri) as client:
        steps = client[service("intake").database]["steps"]
        steps.delete_many({})
        steps.insert_many(
            [
                step("a", "started", 30),
                step("a", "passed", 28, page="wishes"),
                step("a", "error", 27, page="contact", keys=["phone"]),
                step("a", "sent", 24),
                step("b", "started", 40, order=""),
                step("c", "started", 50, order="insurer"),
                step("d", "started", 60 * 24 * 10),
            ]
        )
        yield
        steps.delete_many({})


@pytest.mark.usefixtures("visits")
def test_each_order_is_counted_apart_from_the_others(mongo_uri: str) -> None:
    ended = mitsumori("funnel", "--days", "7", "--json", MITSUMORI_MONGO=mongo_uri)

    counts = json.loads(ended.stdout)
    assert ended.returncode == 0, ended.stderr
    assert (counts["started"], counts["sent"], counts["errors"]) == (3, 1, {"phone": 1})
    assert {name: (one["started"], one["sent"]) for name, one in counts["orders"].items()} == {
        COVER_FIRST: (1, 1),
        "insurer": (2, 0),
    }


@pytest.mark.usefixtures("visits")
def test_people_read_the_orders_side_by_side(mongo_uri: str) -> None:
    ended = mitsumori("funnel", "--days", "7", MITSUMORI_MONGO=mongo_uri, COLUMNS="120")

    shown = ended.stdout
    assert ended.returncode == 0, ended.stderr
    for title in ("補償を先にたずねる順", "質問の順の比較", "「業種・ご希望の補償・売上高」を終えた"):
        assert title in shown
    assert "はじめてから送信までの中央値: 6.0分" in shown
    assert "入力エラー 1回: 電話番号" in shown


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(["--product", "none"], 2, "商品 none はありません。", id="a product that nobody sells"),
        pytest.param(["--days", "0"], 2, "--days", id="no day"),
    ],
)
def test_a_wrong_word_is_named(mongo_uri: str, words: list[str], code: int, says: str) -> None:
    ended = mitsumori("funnel", *words, MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, says in ended.stderr) == (code, True), ended.stderr


def test_without_visits_nothing_is_divided_by_nothing(mongo_uri: str) -> None:
    ended = mitsumori("funnel", MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, "—" in ended.stdout) == (0, True), ended.stderr
