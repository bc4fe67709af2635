"""What every process answers, whatever its service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from structlog.testing import capture_logs

from shared.web.app import new_app

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def never_started(_app: FastAPI) -> AsyncIterator[None]:
    yield


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    app = new_app("any", "any", never_started)

    @app.get("/cases/{number}")
    async def case(number: str) -> str:
        return number

    async with AsyncClient(transport=ASGITransport(app), base_url="http://any.test") as client:
        yield client


async def test_a_process_that_lives_says_which_service_it_is(client: AsyncClient) -> None:
    reply = await client.get("/live")

    assert (reply.status_code, reply.json()) == (200, {"service": "any"})


async def test_a_process_is_not_ready_before_it_has_started(client: AsyncClient) -> None:
    reply = await client.get("/ready")

    assert (reply.status_code, reply.json()) == (503, {"missing": ["start"]})


async def test_metrics_are_prometheus_text(client: AsyncClient) -> None:
    reply = await client.get("/metrics")

    assert reply.headers["Content-Type"].startswith("text/plain")
    assert "python_info" in reply.text


async def test_a_request_is_one_line_in_the_log_without_what_was_asked(client: AsyncClient) -> None:
    """A stranger can put anything into a path or a query."""
    with capture_logs() as lines:
        await client.get("/cases/hanako@canary.example.jp?phone=0312345678")
        await client.get("/nowhere/hanako@canary.example.jp")

    assert [(line["event"], line["method"], line["path"], line["status"]) for line in lines] == [
        ("request served", "GET", "/cases/{number}", 200),
        ("request served", "GET", "unrouted", 404),
    ]
    assert "canary" not in str(lines)


async def test_probes_and_files_are_not_logged(client: AsyncClient) -> None:
    with capture_logs() as lines:
        for path in ("/live", "/ready", "/metrics", "/static/look.css"):
            await client.get(path)

    assert lines == []
