"""Keys are replaced while forms flow, and taken away: nothing is lost, and everything still opens."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from local.key_rotation import move_away, named_key, rotate
from local.key_uses import reseal, uses_in_ledgers
from local.staff import add_staff
from shared.clock import utc_now
from shared.events import TOPICS
from tests.journeys.conftest import a_world
from tests.journeys.test_bounces import FROM_OWN_PAGE
from tests.journeys.test_repair import DESK, command
from tests.journeys.traffic import traffic
from tests.journeys.world import CANARY_COMPANY, CANARY_MAIL, World, a_quote, brochure_only
from tests.plain_http import a_client

PASSWORD = "Hako-no-kagi-2026"


@pytest.fixture
def own_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Topics are emptied here, and keys taken away."""
    with a_world(tmp_path_factory.mktemp("keys")) as found:
        yield found


async def retention_ends(kafka: str) -> None:
    """Kafka deletes what the topics have, as it does after 14 days."""
    admin: Any = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        for topic in await admin.describe_topics(list(TOPICS)):
            places = {partition["partition"]: RecordsToDelete(before_offset=-1) for partition in topic["partitions"]}
            await admin.delete_records({TopicPartition(topic["topic"], n): one for n, one in places.items()})
    finally:
        await admin.close()


def restart(world: World, *names: str) -> None:
    """With the keys that are in their folders now; side by side."""
    services = [world.system.services[name] for name in names]
    for service in services:
        service.child.stop()
        world.system.restart(service.name)
    for service in services:
        service.wait_until_ready()


def test_keys_are_replaced_while_forms_flow_and_go_once_nothing_needs_them(own_world: World) -> None:
    world, notify = own_world, named_key(own_world.folder / "keys", "notify-1.key")
    before = world.submit(a_quote())
    world.ends(before, "quoted", {"receipt", "quote", "desk"})
    with traffic(world, rate=3):
        rotated = command(world, "keys", "rotate", "desk-1.key")
        rotate(notify)
        restart(world, *world.system.services)

    refused = command(world, "keys", "retire", "desk-1.key")
    resealed = command(world, "keys", "reseal", "desk-1.key")
    with world.mongo() as client:
        reseal(client, notify, lambda _done, _total: None)
        left = uses_in_ledgers(client, notify, utc_now(), lambda _done, _total: None)
    asyncio.run(retention_ends(world.system.broker.address))
    retired = command(world, "keys", "retire", "desk-1.key")
    move_away(notify)
    restart(world, "notify", "dashboard")
    after = world.submit(brochure_only())
    world.ends(after, "documents_only", {"receipt", "desk"})

    assert [ended.returncode for ended in (rotated, refused, resealed, retired)] == [0, 1, 0, 0], retired
    assert {"mitsumori_intake.requests", "トピック mitsumori.requests.v1"} <= set(re.split(r"  |\t|\n", refused.stdout))
    assert (left.stored.total(), left.drafts) == (0, 0)
    assert not list(world.folder.glob("keys/*/notify-1.[kp]*")) + list(world.folder.glob("keys/*/desk-1.[kp]*"))
    assert world.mail_counts(before) == Counter({CANARY_MAIL: 2, DESK: 1})
    asyncio.run(add_staff(world.system.mongo, "keys", PASSWORD))
    with a_client(world.system.dashboard_url, headers=FROM_OWN_PAGE) as desk:
        desk.post("/login", data={"name": "keys", "password": PASSWORD})
        assert CANARY_COMPANY in desk.get(f"/cases/{before.request_id}").text
        found = desk.get("/", params={"q": CANARY_COMPANY}).text
        assert {before.reception_no, after.reception_no} <= set(re.findall(r"[0-9A-Z]{8}", found))
