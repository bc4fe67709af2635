"""What every process answers, whatever its service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from starlette.requests import ClientDisconnect
from structlog.testing import capture_logs

from shared.web.app import new_app

pytestmark = pytest.mark.anyio

OPERATIONS = ("/live", "/ready", "/metrics")


@dataclass
class NothingMissing:
    incomplete: list[str] = field(default_factory=list)

    async def missing(self) -> list[str]:
        return []


@asynccontextmanager
async def never_started(_app: FastAPI) -> AsyncIterator[None]:
    yield


def an_app() -> FastAPI:
    app = new_app("any", "any", never_started)

    @app.get("/cases/{number}")
    async def case(number: str) -> str:
        return number

    @app.get("/broken-off")
    async def broken_off() -> None:
        raise ClientDisconnect

    return app


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(an_app()), base_url="http://any.test") as client:
        yield client


@pytest.fixture
async def operator() -> AsyncIterator[AsyncClient]:
    transport = ASGITransport(an_app().state.operations)
    async with AsyncClient(transport=transport, base_url="http://any.test") as client:
        yield client


async def test_a_process_that_lives_says_which_service_it_is(operator: AsyncClient) -> None:
    reply = await operator.get("/live")

    assert (reply.status_code, reply.json()) == (200, {"service": "any"})


async def test_a_process_is_not_ready_before_it_has_started(operator: AsyncClient) -> None:
    reply = await operator.get("/ready")

    assert (reply.status_code, reply.json()) == (503, {"missing": ["start"], "incomplete": []})


async def test_a_process_is_not_ready_before_its_port_for_visitors_listens() -> None:
    """It was ready for some milliseconds in which the form could not be reached."""

    app, listens = an_app(), list[bool]()
    app.state.health, app.state.has_started = NothingMissing(), lambda: bool(listens)
    async with AsyncClient(transport=ASGITransport(app.state.operations), base_url="http://any.test") as client:
        before = await client.get("/ready")
        listens.append(True)
        after = await client.get("/ready")

    assert (before.status_code, after.status_code) == (503, 200)


async def test_a_process_without_a_key_that_a_record_names_is_ready_and_says_so() -> None:
    """Else a record with a key that nobody ever had would take the service out of work."""
    app = an_app()
    app.state.health = NothingMissing(["keys"])
    async with AsyncClient(transport=ASGITransport(app.state.operations), base_url="http://any.test") as client:
        reply = await client.get("/ready")

    assert (reply.status_code, reply.json()) == (200, {"missing": [], "incomplete": ["keys"]})


async def test_metrics_are_prometheus_text(operator: AsyncClient) -> None:
    reply = await operator.get("/metrics")

    assert reply.headers["Content-Type"].startswith("text/plain")
    assert "python_info" in reply.text


@pytest.mark.parametrize("path", [*OPERATIONS, "/docs", "/redoc", "/openapi.json"])
async def test_visitors_see_nothing_of_what_operators_see(client: AsyncClient, path: str) -> None:
    """The metrics told everybody how many requests the agency gets, and which Python it runs."""
    assert (await client.get(path)).status_code == 404


async def test_a_request_is_one_line_in_the_log_without_what_was_asked(client: AsyncClient) -> None:
    """A stranger can put anything into a path or a query."""
    with capture_logs() as lines:
        await client.get("/cases/hanako@canary.example.jp?phone=0312345678")
        await client.get("/nowhere/hanako@canary.example.jp")
        await client.head("/cases/1")

    assert [(line["event"], line["method"], line["path"], line["status"]) for line in lines] == [
        ("request served", "GET", "/cases/{number}", 200),
        ("request served", "GET", "unrouted", 404),
        ("request served", "HEAD", "/cases/{number}", 200),
    ]
    assert "canary" not in str(lines)


async def test_probes_and_files_are_not_logged(client: AsyncClient, operator: AsyncClient) -> None:
    with capture_logs() as lines:
        await client.get("/static/look.css")
        for path in OPERATIONS:
            await operator.get(path)

    assert lines == []


async def test_a_visitor_who_goes_away_is_no_error_of_ours(client: AsyncClient) -> None:
    """901 uploads that broke off were once 901 errors with tracebacks, in one run: nobody reads a log like that."""
    with capture_logs() as lines, suppress(AssertionError):  # httpx insists on an answer, which nobody waits for.
        await client.get("/broken-off")

    assert ("client went away", "info") in [(line["event"], line["log_level"]) for line in lines]
    assert not [line for line in lines if "exc_info" in line or line["log_level"] == "error"]
