"""The doctor on a real MongoDB and a real Kafka: what was broken there is found, and what is away costs seconds."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from pymongo import MongoClient

from local.children import free_port
from local.doctor.check import Line
from local.doctor.diagnose import diagnose
from local.doctor.surroundings import Surroundings
from local.keys import ensure_keys
from local.mongod import Mongod
from services.registry import SERVICES
from shared.clock import utc_now
from shared.events import DESK, REQUESTS
from shared.runtime.adapters.mongo import connect
from shared.runtime.adapters.mongo_outbox import MongoOutbox
from shared.runtime.topic_configs import topic_configs
from tests.local.test_dead_letters import a_letter

pytestmark = pytest.mark.anyio

OF_THIS_MACHINE = {"memory", "disk-data", "disk-mongo", "libraries", "settings-known"}
"""What they say depends on where the tests run."""
NOBODY_READS = {"kafka-readers"}
"""Here no service runs."""


@pytest.fixture
def around(tmp_path: Path, mongo_uri: str, topics: str) -> Surroundings:
    """A system whose services are not started."""
    ensure_keys(tmp_path / "keys")
    keys = {str(one.name): tmp_path / "keys" / one.name for one in SERVICES}
    environments = {name: settings(mongo_uri, topics, folder) for name, folder in keys.items()}
    return Surroundings(
        data=tmp_path,
        runs=True,
        has_own_mongo=True,
        mongo=mongo_uri,
        kafka=topics,
        environments=environments,
        keys=keys,
        products=None,
        is_in_container=False,
    )


def settings(mongo: str, kafka: str, keys: Path) -> dict[str, str]:
    return {
        "MITSUMORI_MONGO": mongo,
        "MITSUMORI_KAFKA": kafka,
        "MITSUMORI_KEYS": str(keys),
        "MITSUMORI_PUBLIC_URL": "http://127.0.0.1:8080",
        "MITSUMORI_DASHBOARD_URL": "http://127.0.0.1:8081",
        **(
            {
                "MITSUMORI_SMTP": "smtp://127.0.0.1:25",
                "MITSUMORI_MAIL_FROM": "quotes@agency.example",
                "MITSUMORI_DESK_EMAIL": "desk@agency.example",
            }
            if keys.name == "notify"
            else {}
        ),
    }


async def not_well(around: Surroundings) -> dict[str, Line]:
    """By its check, of the system and not of this machine."""
    lines = await diagnose(around, utc_now)
    found = {line.check: line for line in lines if line.state in {"warning", "wrong"}}
    return {name: line for name, line in found.items() if name not in OF_THIS_MACHINE | NOBODY_READS}


@asynccontextmanager
async def admin_of(kafka: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def delete(admin: AIOKafkaAdminClient, topic: str) -> None:
    await admin.delete_topics([topic])
    while topic in await admin.list_topics():  # noqa: ASYNC110  # Kafka has no event for this
        await asyncio.sleep(0.02)


async def test_a_topic_that_was_deleted_is_named_with_the_command_that_makes_it(around: Surroundings) -> None:
    before = await not_well(around)
    async with admin_of(around.kafka or "") as admin:
        await delete(admin, DESK)

    found = await not_well(around)

    assert found.keys() - before.keys() == {"kafka-topics"}
    assert DESK in found["kafka-topics"].says
    assert "mitsumori topics create" in found["kafka-topics"].repair


async def test_a_topic_that_keeps_its_records_too_short_is_named_with_the_command_that_mends_it(
    around: Surroundings,
) -> None:
    before = await not_well(around)
    async with admin_of(around.kafka or "") as admin:
        await delete(admin, DESK)
        configs = {**topic_configs(DESK), "retention.ms": "3600000"}
        await admin.create_topics([NewTopic(DESK, 6, 1, topic_configs=configs)])

    found = await not_well(around)

    assert found.keys() - before.keys() == {"kafka-retention"}
    assert f"--entity-name {DESK} --add-config retention.ms=1209600000" in found["kafka-retention"].repair


async def test_a_record_of_a_clock_that_is_ahead_is_found(around: Surroundings) -> None:
    before = await not_well(around)
    async with AIOKafkaProducer(bootstrap_servers=around.kafka) as producer:
        in_an_hour = int((utc_now() + timedelta(hours=1)).timestamp() * 1000)
        await producer.send_and_wait(REQUESTS, b"{}", timestamp_ms=in_an_hour)

    found = await not_well(around)

    assert found.keys() - before.keys() == {"clock-kafka"}


async def test_keys_that_others_can_read_or_that_are_no_pair_are_found(around: Surroundings) -> None:
    before = await not_well(around)
    around.keys["rating"].joinpath("rating-1.key").chmod(0o644)
    shutil.copyfile(around.keys["intake"] / "notify-1.pub", around.keys["intake"] / "desk-1.pub")
    shutil.copy(around.keys["notify"] / "notify-1.key", around.keys["intake"])

    found = await not_well(around)

    assert found.keys() - before.keys() == {"keys-private", "keys-pairs", "keys-not-shared"}
    assert "rating の rating-1.key" in found["keys-private"].says
    assert "intake の desk-1.pub" in found["keys-pairs"].says
    assert "notify-1.key が、intake の鍵のフォルダ" in found["keys-not-shared"].says


async def test_what_waits_in_the_ledgers_is_found(around: Surroundings, own_mongod: Mongod) -> None:
    before = await not_well(replace(around, mongo=own_mongod.uri))
    long_ago = utc_now() - timedelta(hours=5)
    async with connect(own_mongod.uri, "mitsumori_intake") as intake:
        await MongoOutbox(intake, ["requests"]).prepare()
        request = {"product": "cyber-security", "form_version": "0"}
        pending = {"state": "pending", "time": long_ago, "due": long_ago}
        await intake["requests"].insert_one({**request, "_id": "r-1", "relay": pending})
        await intake["requests"].insert_one({**request, "_id": "r-2", "relay": {"state": "parked"}})
        await intake.client["mitsumori_notify"]["letters"].insert_one({"due": utc_now(), "created_at": long_ago})
        aside = intake.client["mitsumori_rating"]["dead_letters"]
        await aside.insert_many([a_letter("a"), a_letter("b", "unknown-key", waits_for="rating-2")])

    found = await not_well(replace(around, mongo=own_mongod.uri))

    assert before == {}
    assert {name: line.state for name, line in found.items()} == dict.fromkeys(
        (
            *("outbox-age", "outbox-parked", "letters-late", "dead-letters", "waiting-for-keys", "form-versions"),
            "mongo-indexes",
        ),
        "wrong",
    )
    assert "reception_no_1" in found["mongo-indexes"].says or "due_1" in found["mongo-indexes"].says


async def test_a_replica_set_that_acknowledges_before_the_journal_is_found(
    around: Surroundings, own_mongod: Mongod
) -> None:
    """A power cut would take what was acknowledged."""
    with MongoClient[dict[str, Any]](own_mongod.uri) as client:
        config = client.admin.command("replSetGetConfig")["config"]
        config["writeConcernMajorityJournalDefault"] = False
        config["version"] += 1
        client.admin.command("replSetReconfig", config)

    lines = {line.check: line for line in await diagnose(replace(around, mongo=own_mongod.uri), utc_now)}

    assert lines["mongo-durable"].state == "wrong", lines["mongo-durable"].says
    assert "writeConcernMajorityJournalDefault = true" in lines["mongo-durable"].repair
    assert lines["mongo-majority"].state == "ok"


async def test_a_replica_set_without_a_primary_is_told_from_one_that_is_away(
    around: Surroundings, own_mongod: Mongod
) -> None:
    with MongoClient[dict[str, Any]](own_mongod.uri) as client:
        client.admin.command({"replSetStepDown": 60, "force": True})

    lines = {line.check: line for line in await diagnose(replace(around, mongo=own_mongod.uri), utc_now)}

    assert (lines["mongo-there"].state, lines["mongo-primary"].state) == ("ok", "wrong"), lines["mongo-there"].says


async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await asyncio.Event().wait()
    finally:
        writer.transport.abort()


@pytest.mark.parametrize("is_silent", [False, True], ids=["refuses", "is silent"])
async def test_a_server_that_is_away_is_one_finding_each_within_ten_seconds(
    around: Surroundings, *, is_silent: bool
) -> None:
    port = free_port()
    server = await asyncio.start_server(silent, "127.0.0.1", port) if is_silent else None
    away = replace(around, mongo=f"mongodb://127.0.0.1:{port}", kafka=f"127.0.0.1:{port}")
    began = time.monotonic()

    lines = await diagnose(away, utc_now)

    took_s = time.monotonic() - began
    if server:
        server.close()
    states = {line.check: line.state for line in lines if line.check not in OF_THIS_MACHINE}
    assert {name for name, state in states.items() if state == "wrong"} == {"mongo-there", "kafka-there"}
    assert {states[name] for name in ("mongo-primary", "kafka-topics", "outbox-age")} == {"not-looked-at"}
    assert took_s < 10


async def test_no_line_shows_a_password(around: Surroundings) -> None:
    secret = "s3cret-word"
    given: Mapping[str, str] = {"MITSUMORI_MONGO": f"mongodb://u:{secret}@127.0.0.1:1", "MITSUMORI_KAFKA": secret}
    environments = {**around.environments, "rating": {**around.environments["rating"], **given}}
    kafka = f"sasl://rating:{secret}@127.0.0.1:1"

    lines = await diagnose(
        replace(around, environments=environments, mongo=given["MITSUMORI_MONGO"], kafka=kafka), utc_now
    )

    assert {"settings-load", "mongo-there", "kafka-there"} <= {line.check for line in lines if line.state == "wrong"}
    assert [line for line in lines if secret in line.says + line.repair] == []
