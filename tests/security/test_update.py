"""No post is lost while intake is updated behind the proxy: real Caddy, real processes of intake, real MongoDB."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from local.children import LOOPBACK, free_port
from local.keys import ensure_keys
from local.mongod import Mongod
from local.scenarios import PRODUCT, SCENARIOS
from local.services import ServiceProcess
from shared.products import load_products
from tests.security.test_proxy import FORM, Proxy, Service

pytestmark = pytest.mark.anyio

POSTS = 200
EVERY_S = 0.05
PATIENCE_S = 60
NO_KAFKA = f"{LOOPBACK}:1"
"""Accepting a request needs none."""


@pytest.fixture
def intakes(own_mongod: Mongod, tmp_path: Path) -> Iterator[list[ServiceProcess]]:
    """Two, as where one is too few."""
    ensure_keys(tmp_path / "keys")
    settings = {
        "MITSUMORI_MONGO": own_mongod.uri_of("intake"),
        "MITSUMORI_KAFKA": NO_KAFKA,
        "MITSUMORI_KEYS": str(tmp_path / "keys" / "intake"),
        "MITSUMORI_PUBLIC_URL": f"https://{FORM}",
    }
    services = [
        ServiceProcess("intake", free_port(), tmp_path / f"intake-{number}.log", lambda: settings) for number in (1, 2)
    ]
    try:
        for service in services:
            service.spawn()
        for service in services:
            service.wait_until_ready()
        yield services
    finally:
        for service in services:
            service.child.kill()


@pytest.fixture
async def proxy(tmp_path: Path, intakes: list[ServiceProcess]) -> AsyncIterator[Proxy]:
    folder = tmp_path / "proxy"
    folder.mkdir()
    with closing(Service("notify")) as notify, closing(Service("dashboard")) as dashboard:
        async with Proxy(folder, [notify, dashboard], intakes).running() as proxy:
            yield proxy


async def test_no_post_is_lost_while_each_intake_in_turn_is_replaced(
    proxy: Proxy, intakes: list[ServiceProcess]
) -> None:
    """One of 75 was lost: it had been sent to a process that stopped before it had read it."""
    consent = load_products()[PRODUCT].privacy.version
    answers: list[asyncio.Task[str]] = []
    async with proxy.client(FORM) as client:
        updating = asyncio.create_task(replace_in_turn(intakes))
        while len(answers) < POSTS or not updating.done():
            answers.append(asyncio.create_task(post(client, len(answers) + 1, consent)))
            await asyncio.sleep(EVERY_S)
        found = Counter(await asyncio.gather(*answers))
        await updating

    assert found == {"202": len(answers)}
    # Not by good luck: each said that it stops before it did.
    assert {line["host"] for line in looks(proxy) if line.get("status_code") == httpx.codes.SERVICE_UNAVAILABLE} == {
        f"{LOOPBACK}:{service.port}" for service in intakes
    }


def looks(proxy: Proxy) -> list[dict[str, Any]]:
    """What the proxy has found when it looked whether a service is there."""
    lines = [json.loads(line) for line in proxy.log.splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("logger", "").endswith("health_checker.active")]


async def replace_in_turn(services: list[ServiceProcess]) -> None:
    """As an update does: the next one when customers reach the one before again."""
    for service in services:
        await asyncio.to_thread(service.child.stop)
        before = accepted(service)
        service.spawn()
        await asyncio.to_thread(service.child.wait_until, partial(is_back, service, before), PATIENCE_S)


def is_back(service: ServiceProcess, before: int) -> bool:
    return accepted(service) > before


def accepted(service: ServiceProcess) -> int:
    return service.child.log.read_bytes().count(b"request accepted")


async def post(client: httpx.AsyncClient, number: int, consent: str) -> str:
    """The status of the answer, or the kind of error. Each is sent once, as a customer does."""
    body = {"product": PRODUCT, "answers": SCENARIOS[0].answers_of(number, consent)}
    try:
        answer = await client.post("/api/v1/requests", json=body, headers={"Idempotency-Key": str(uuid4())})
    except httpx.HTTPError as error:
        return type(error).__name__
    return str(answer.status_code)
