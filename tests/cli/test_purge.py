"""`mitsumori purge`: a report by class, and periods from the environment, as a timer sets them."""

import json

from tests.cli.builders import mitsumori


def test_each_class_is_reported_with_its_period(mongo_uri: str) -> None:
    settings = {"MITSUMORI_MONGO": mongo_uri, "MITSUMORI_KEEP_REQUESTS_DAYS": "365"}

    told = mitsumori("purge", "--dry-run", **settings)
    read = mitsumori("purge", "--dry-run", "--letters-days", "20", "--json", **settings)

    assert told.returncode == 0, told.stderr
    assert "契約に至らなかったご依頼\t365 日" in told.stdout
    assert "保険会社に引き渡したご依頼\t無期限" in told.stdout
    assert "何も消去していません" in told.stdout
    assert {one["name"]: one["days"] for one in json.loads(read.stdout)} == {
        "requests": 365,
        "contracts": 0,
        "quotes": 730,
        "letters": 20,
        "links": 30,
        "dead-letters": 90,
    }


def test_nothing_is_forgotten_before_the_topics_have(mongo_uri: str) -> None:
    """What is read again after that would be written again."""
    ended = mitsumori("purge", "--links-days", "14", MITSUMORI_MONGO=mongo_uri)

    assert (ended.returncode, "15 日以上" in ended.stderr, "links" in ended.stderr) == (2, True, True)
