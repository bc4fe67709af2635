"""Dead letters are looked at, worked on again, and ended; never deleted."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.events import REQUESTS
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_dead_letters import MongoDeadLetters

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def a_letter(letter_id: str, reason: str = "bad-body", minute: int = 0) -> dict[str, Any]:
    return {
        "_id": letter_id,
        "group": "dashboard",
        "topic": REQUESTS,
        "partition": 0,
        "offset": 7,
        "key": b"key",
        "subject": None,
        "headers": [["ce_type", b"type"], ["null", None]],
        "body": b"body",
        "class": "poison",
        "reason": reason,
        "first_seen": NOON.replace(minute=minute),
    }


@pytest.fixture
async def letters(database: Database) -> MongoDeadLetters:
    letters = MongoDeadLetters(database)
    for letter in (a_letter("later", minute=2), a_letter("first", minute=1), a_letter("other", "bug", 3)):
        await letters.add(letter)
    return letters


async def test_the_oldest_come_first_as_they_were_set_aside(letters: MongoDeadLetters) -> None:
    found = await letters.oldest(2)

    assert [letter.id for letter in found] == ["first", "later"]
    assert (found[0].topic, found[0].key, found[0].value) == (REQUESTS, b"key", b"body")
    assert found[0].headers == (("ce_type", b"type"), ("null", b""))


async def test_they_are_counted_by_their_reason(letters: MongoDeadLetters) -> None:
    assert await letters.open_by_reason() == [(REQUESTS, "bad-body", 2), (REQUESTS, "bug", 1)]


async def test_what_was_ended_is_kept_and_does_not_wait(database: Database, letters: MongoDeadLetters) -> None:
    ended = await letters.end("first", "discarded", at=NOON, by="hanako", reason="試験")
    again = await letters.end("first", "retried", at=NOON, by="taro")

    document = await database["dead_letters"].find_one({"_id": "first"})
    assert (ended, again, await letters.count_open()) == (True, False, 2)
    assert await letters.find("first") is None
    assert document
    assert (document["end"], document["ended_by"], document["end_reason"]) == ("discarded", "hanako", "試験")
    assert document["body"] == b"body"


async def test_the_same_record_is_not_set_aside_anew_after_it_was_ended(letters: MongoDeadLetters) -> None:
    await letters.end("first", "retried", at=NOON, by="hanako")

    assert await letters.add(a_letter("first")) is False
    assert await letters.count_open() == 2
