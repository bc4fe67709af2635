"""`mitsumori keys` says who must be started again, and what still needs a key."""

from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from local.keys import ensure_keys
from shared.events import REQUESTS
from shared.runtime.parcels import load_sealer
from tests.cli.builders import mitsumori


def test_each_new_key_is_told_with_the_services_that_use_it_from_their_next_start(tmp_path: Path) -> None:
    """The command said «次の起動から» of all, and an operator restarted services that need none."""
    ensure_keys(tmp_path / "keys")

    ended = mitsumori("keys", "new", tmp_path / "keys")

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == [
        "rating-2(パーセル): intake、rating、dashboard が、次の起動から使います",
        "notify-2(パーセル): intake、rating、dashboard が、次の起動から使います",
        "desk-2(パーセル): intake、rating、notify、dashboard が、次の起動から使います",
        "rating-2(署名): rating が、次の起動から使います",
        "dashboard-2(署名): dashboard が、次の起動から使います",
        "読む側のサービスは、再起動しなくても新しい鍵を読みます。以前の鍵はそのまま残してください。",
    ]


def test_only_what_is_missing_is_made(tmp_path: Path) -> None:
    first = mitsumori("keys", "new", "--missing", tmp_path / "keys")
    second = mitsumori("keys", "new", "--missing", tmp_path / "keys")

    assert len(first.stdout.splitlines()) == 5
    assert (
        second.stdout
        == "新しく作る鍵はありません。公開鍵は、必要とするサービスのすべてにあります (no key was missing)\n"
    )


def test_a_key_for_mails_is_made_with_the_record_that_publishes_it(tmp_path: Path) -> None:
    made = mitsumori("keys", "dkim", "202611", tmp_path)
    again = mitsumori("keys", "dkim", "202611", tmp_path)
    nameless = mitsumori("keys", "dkim", "../key", tmp_path)

    assert (made.returncode, again.returncode, nameless.returncode) == (0, 2, 2)
    assert made.stdout.splitlines()[1].startswith("v=DKIM1; k=rsa; p=MIIB")
    assert [path.name for path in tmp_path.rglob("*.pem")] == ["mitsumori_dkim_202611.pem"]
    assert (tmp_path / "notify" / "mitsumori_dkim_202611.pem").stat().st_mode & 0o777 == 0o600
    assert "別のセレクタ" in again.stderr


def test_a_key_is_replaced_once_and_who_must_be_started_again_is_told(tmp_path: Path) -> None:
    ensure_keys(tmp_path)

    first, again = (mitsumori("keys", "rotate", "notify-1.key", "--folder", tmp_path) for _ in range(2))

    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert first.stdout.splitlines()[:2] == [
        "notify-2.key を作りました。",
        "notify をすべて再起動してから、intake、rating、dashboard を再起動してください。新しい鍵が使われます。",
    ]
    assert again.stdout.splitlines()[0] == "notify-2.key があります。足りないところへ渡しました。"
    assert not list(tmp_path.glob("*/notify-3.*"))


@pytest.mark.parametrize("command", ["retire", "reseal"])
def test_the_key_in_use_is_not_taken_away(tmp_path: Path, command: str) -> None:
    ensure_keys(tmp_path)

    ended = mitsumori("keys", command, "desk-1.key", "--folder", tmp_path)

    assert ended.returncode == 2
    assert "先に mitsumori keys rotate desk-1.key を実行してください" in ended.stderr
    assert (tmp_path / "dashboard" / "desk-1.key").exists()


@pytest.mark.anyio
async def test_a_key_that_leaked_does_not_wait_for_the_topics(topics: str, mongo_uri: str, tmp_path: Path) -> None:
    ensure_keys(tmp_path)
    parcel = load_sealer(tmp_path / "intake", ["desk"]).seal("desk", {"company": "見本"})
    async with AIOKafkaProducer(bootstrap_servers=topics, acks="all") as producer:
        await producer.send_and_wait(REQUESTS, parcel.model_dump_json().encode(), key=b"r")
    mitsumori("keys", "rotate", "desk-1.key", "--folder", tmp_path)
    words = ("keys", "retire", "desk-1.key", "--folder", tmp_path, "--mongo", mongo_uri, "--kafka", topics)

    waits, leaked, again = mitsumori(*words), mitsumori(*words, "--leaked"), mitsumori(*words)

    assert (waits.returncode, leaked.returncode, again.returncode) == (1, 0, 0), leaked.stdout + leaked.stderr
    assert waits.stdout.splitlines() == [
        "[要対応] desk-1.key は、まだ必要です。外していません。",
        f"  トピック {REQUESTS}\t1 件 → 記録の保持期間(14 日)が終わるのを待つ。",
    ]
    assert "トピックの記録 1 件は、もう読み直せません" in leaked.stdout
    assert "すでに外してあります" in again.stdout
