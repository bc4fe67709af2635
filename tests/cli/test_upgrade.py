"""`mitsumori upgrade` in its own process: its words, its exit codes, and who may call it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from local.mongod import Mongod
from tests.cli.builders import mitsumori


@pytest.fixture
def mongo(own_mongod: Mongod) -> Iterator[str]:
    """As a version before has left it, with an index that this one drops."""
    with MongoClient[dict[str, Any]](own_mongod.uri) as client:
        client["mitsumori_dashboard"]["requests"].insert_one({"_id": "r-1"})
        client["mitsumori_dashboard"]["cases"].create_index("accepted_at", name="figures")
        yield own_mongod.uri


def test_an_update_is_looked_at_and_finished_only_when_that_is_meant(mongo: str, tmp_path: Path) -> None:
    """In the words of `mitsumori doctor` where something is needed that is not there."""
    lacking = mitsumori("upgrade", "--check", "--data", tmp_path, MITSUMORI_MONGO=mongo, MITSUMORI_KAFKA="127.0.0.1:1")
    shown = mitsumori("upgrade", MITSUMORI_MONGO=mongo)
    back = mitsumori("upgrade", "--back", MITSUMORI_MONGO=mongo)
    finished = mitsumori("upgrade", "--yes", MITSUMORI_MONGO=mongo)
    after = mitsumori("upgrade", "--check", "--json", "--data", tmp_path, MITSUMORI_MONGO=mongo)

    assert (lacking.returncode, shown.returncode) == (1, 0)
    assert "[要対応] Kafka(127.0.0.1:1)に接続できません" in lacking.stdout
    assert "[未確認] settings-load、keys-there" in lacking.stdout
    assert "dashboard の起動後に作り直します(1 件、約 1 分)" in lacking.stdout
    assert "更新を終えるときに: 使わなくなったインデックスを消す(1)" in shown.stdout
    assert "前のバージョンに戻せます。終えると戻せません。" in shown.stdout
    assert back.stdout.startswith("前のバージョンに戻す準備ができました。")
    assert finished.stdout == "dashboard: 使わなくなったインデックスを消す(1)\n更新を終えました。\n"
    found = json.loads(after.stdout)
    assert (after.returncode, found["stored_data"][3]["no_way_back_before"]) == (0, "0.1.0"), after.stdout
    assert {"mongo-there", "products-load", "kafka-topics"} <= {line["check"] for line in found["checks"]}


def test_a_service_cannot_finish_what_others_need() -> None:
    """In its container it sees its own database only."""
    own = {"MITSUMORI_MONGO": "mongodb://127.0.0.1:1/", "MITSUMORI_KAFKA": "sasl://rating:secret@127.0.0.1:1"}

    ended = mitsumori("upgrade", "--yes", **own)
    mixed = mitsumori("upgrade", "--yes", "--back", MITSUMORI_MONGO=own["MITSUMORI_MONGO"])

    assert (ended.returncode, "docker compose run --rm --no-deps topics upgrade" in ended.stderr) == (2, True)
    assert (mixed.returncode, "一つだけ指定してください" in mixed.stderr) == (2, True)
