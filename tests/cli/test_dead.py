"""`mitsumori dead`: what was set aside, from the command line, without a word of what customers wrote."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from services.registry import SERVICES
from tests.cli.builders import mitsumori
from tests.journeys.world import CANARIES, CANARY_COMPANY, CANARY_MAIL, CANARY_PHONE
from tests.local.test_dead_letters import a_letter

HOSTILE = json.dumps({"request_id": "r-1", CANARY_COMPANY: CANARY_MAIL, "phone": CANARY_PHONE}, ensure_ascii=False)


@pytest.fixture
def letters(mongo_uri: str) -> Iterator[Database[dict[str, Any]]]:
    """Rating's database, with two letters that hold what strangers put everywhere, and one that waits for a key."""
    hostile: dict[str, Any] = {
        "body": HOSTILE.encode(),
        "subject": CANARY_COMPANY,
        "key": CANARY_MAIL.encode(),
        "headers": [["ce_type", f"\x1b[2J{CANARY_COMPANY}".encode()], ["x", CANARY_PHONE.encode()]],
    }
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        for one in SERVICES:
            client[one.database]["dead_letters"].delete_many({})
        database = client["mitsumori_rating"]
        database["dead_letters"].insert_many(
            [a_letter("a", **hostile), a_letter("b", **hostile), a_letter("c", "unknown-key", waits_for=CANARY_MAIL)]
        )
        yield database
        database["dead_letters"].delete_many({})


@pytest.mark.usefixtures("letters")
def test_no_command_shows_what_is_in_a_record(mongo_uri: str) -> None:
    settings = {"MITSUMORI_MONGO": mongo_uri}
    listed = mitsumori("dead", "list", "--json", **settings)
    fingerprints = [group["fingerprint"] for group in json.loads(listed.stdout)]

    shown = [
        mitsumori("dead", *words, **settings)
        for words in [
            ("list",),
            *(("show", one) for one in fingerprints),
            ("show", "a", "--json"),
            ("retry", "--all-of", fingerprints[0], "--wait", "0"),
            ("discard", "b", "--reason", "試験", "--yes"),
        ]
    ]

    assert [len(json.loads(listed.stdout)), *(one.returncode for one in shown)] == [2, 0, 0, 0, 0, 1, 0]
    for text in (one.stdout + one.stderr for one in (listed, *shown)):
        assert not [word for word in (*CANARIES, "canary.bird", "\x1b") if word in text]


def test_the_list_says_how_many_there_are_of_each_since_when_in_japanese_time(
    letters: Database[dict[str, Any]], mongo_uri: str
) -> None:
    some = mitsumori("dead", "list", MITSUMORI_MONGO=mongo_uri)
    letters["dead_letters"].delete_many({})
    none = mitsumori("dead", "list", MITSUMORI_MONGO=mongo_uri)

    first, second = some.stdout.splitlines()
    assert first.split("\t")[1:] == [
        *("rating", "2 件", "人の対応待ち", "2026-11-23 12:00:00 ~ 2026-11-23 12:00:00", "?", "bad-body")
    ]
    assert "鍵 ? 待ち" in second
    assert (none.stdout, none.returncode) == ("処理できなかった記録はありません。\n", 0)


def test_a_retry_is_asked_of_the_service_and_exits_with_1_until_it_is_done(
    letters: Database[dict[str, Any]], mongo_uri: str
) -> None:
    pending = mitsumori("dead", "retry", "a", "--wait", "0", "--json", MITSUMORI_MONGO=mongo_uri)
    asked = letters["dead_letters"].find_one({"_id": "a"})
    letters["dead_letters"].update_one({"_id": "a"}, {"$set": {"refused": "no-tariff"}, "$unset": {"retry_by": ""}})

    assert (pending.returncode, json.loads(pending.stdout)) == (1, [{"id": "a", "end": "pending", "reason": ""}])
    assert asked
    assert asked["retry_by"] == "operator"


@pytest.mark.usefixtures("letters")
def test_where_a_retry_is_pending_the_look_at_the_service_is_named_with_and_without_containers(mongo_uri: str) -> None:
    ended = mitsumori("dead", "retry", "a", "--wait", "0", MITSUMORI_MONGO=mongo_uri)

    assert "mitsumori status(コンテナでは docker compose ps)" in ended.stdout


def test_nothing_is_discarded_before_the_operator_has_said_yes(
    letters: Database[dict[str, Any]], mongo_uri: str
) -> None:
    asked = mitsumori("dead", "discard", "a", "--reason", "試験", MITSUMORI_MONGO=mongo_uri)

    assert asked.returncode == 1
    assert "1 件の記録を破棄します" in asked.stdout + asked.stderr
    assert letters["dead_letters"].count_documents({"end": None}) == 3


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("show", "zzz"), "指紋はありません", id="no such letter"),
        pytest.param(("retry",), "--all-of に指紋を", id="none named"),
        pytest.param(("discard", "a", "--reason", " ", "--yes"), "理由", id="no reason"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(mongo_uri: str, words: tuple[str, ...], says: str) -> None:
    ended = mitsumori("dead", *words, MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, says in ended.stderr, ended.stderr.count("\n")) == (2, True, 1)
