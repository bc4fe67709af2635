"""A record that no service can work on is told to whoever runs the system."""

from typing import Any

from pymongo import MongoClient

from local.set_aside import SetAside


def test_a_record_that_was_set_aside_is_said_once_on_the_console(mongo_uri: str) -> None:
    """A garbage record showed nowhere but in the metrics, which nobody looks at on a machine of one's own."""
    said: list[str] = []
    watch = SetAside(mongo_uri, said.append)
    with MongoClient[dict[str, Any]](mongo_uri) as client:
        letters = client["mitsumori_rating"]["dead_letters"]
        letters.delete_many({})
        try:
            watch.check(0.0)
            none_yet = list(said)
            letters.insert_one({"_id": "rating:t:0:0:1", "reason": "not-an-event"})
            watch.check(1.0)
            too_early = list(said)
            watch.check(10.0)
            watch.check(20.0)
        finally:
            letters.delete_many({})

    assert none_yet == too_early == []
    assert len(said) == 1
    assert "rating が処理できない記録が 1 件" in said[0]


def test_a_database_that_is_away_is_no_reason_to_stop() -> None:
    said: list[str] = []

    SetAside("mongodb://127.0.0.1:1/", said.append).check(0.0)

    assert said == []
