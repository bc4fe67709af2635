"""No answer leaves without its headers, whoever made it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from httpx import ASGITransport, AsyncClient

from shared.web.app import new_app
from shared.web.security_headers import SecurityHeadersMiddleware
from shared.web.static_files import VersionedFiles, file_version

pytestmark = pytest.mark.anyio

PAGES = "default-src 'none'; style-src 'self'"
NOTHING_LOADS = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@asynccontextmanager
async def never_started(_app: FastAPI) -> AsyncIterator[None]:
    yield


def service(static: Path) -> FastAPI:
    """An app with a page, a redirect, a document with a policy of its own, a file and a bug."""
    app = new_app("any", "any", never_started)

    @app.get("/page")
    async def page() -> Response:
        return HTMLResponse("<!DOCTYPE html>")

    @app.get("/away")
    async def away() -> Response:
        return RedirectResponse("/page", 303)

    @app.get("/own")
    async def own() -> Response:
        headers = {"Content-Security-Policy": "sandbox", "Cache-Control": "private", "X-Robots-Tag": "all"}
        return HTMLResponse("<!DOCTYPE html>", headers=headers)

    @app.get("/bug")
    async def bug() -> Response:
        raise ZeroDivisionError

    static.mkdir()
    (static / "look.css").write_text("a { color: red }")
    app.mount("/static", VersionedFiles(static, otherwise="no-cache"))
    return app


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[AsyncClient]:
    app = service(tmp_path / "static")
    app.add_middleware(
        SecurityHeadersMiddleware,
        https=False,
        page_policy=PAGES,
        extra={"X-Robots-Tag": "noindex"},
    )
    async with AsyncClient(transport=ASGITransport(app), base_url="http://any.test") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/page", 200),
        ("/away", 303),
        ("/static/look.css", 200),
        ("/static/nothing.css", 404),
        ("/nowhere", 404),
        ("/bug", 500),
    ],
)
async def test_every_answer_has_the_headers(client: AsyncClient, path: str, status: int) -> None:
    reply = await client.get(path)

    assert reply.status_code == status
    assert {name: reply.headers[name] for name in ALWAYS} == ALWAYS
    assert reply.headers["X-Robots-Tag"] == "noindex"
    assert "Strict-Transport-Security" not in reply.headers
    assert reply.headers["Content-Security-Policy"] == (PAGES if path == "/page" else NOTHING_LOADS)


async def test_a_method_that_a_route_does_not_know_is_answered_with_them_too(client: AsyncClient) -> None:
    reply = await client.post("/page")

    assert (reply.status_code, reply.headers["Allow"]) == (405, "GET")
    assert {name: reply.headers[name] for name in ALWAYS} == ALWAYS


async def test_a_header_that_an_answer_has_already_is_left_as_it_is(client: AsyncClient) -> None:
    reply = await client.get("/own")

    assert reply.headers["Content-Security-Policy"] == "sandbox"
    assert reply.headers["Cache-Control"] == "private"
    assert reply.headers["X-Robots-Tag"] == "all"


@pytest.mark.parametrize(
    ("path", "cache"),
    [
        pytest.param("/page", "no-store", id="a page may show what is personal"),
        pytest.param("/bug", "no-store", id="and so may any answer"),
        pytest.param("/page?v=1", "no-store", id="whatever its address says"),
        pytest.param("/static/look.css", "no-cache", id="a file is asked for again"),
        pytest.param("/static/look.css?v=1", "no-cache", id="also under an address that is not its own"),
        pytest.param("/static/look.css?v={version}&v=1", "no-cache", id="or that has two versions"),
        pytest.param("/static/nothing.css?v={version}", "no-store", id="a file that is missing may come"),
        pytest.param(
            "/static/look.css?v={version}", "public, max-age=31536000, immutable", id="but not under its own address"
        ),
    ],
)
async def test_only_files_are_kept_by_browsers(client: AsyncClient, tmp_path: Path, path: str, cache: str) -> None:
    """Every `?v=…` was once kept for a year: a cache could be filled with an old file under the next one's name."""
    version = file_version(tmp_path / "static" / "look.css")

    assert (await client.get(path.format(version=version))).headers["Cache-Control"] == cache


async def test_over_https_browsers_are_told_to_stay_there(tmp_path: Path) -> None:
    app = SecurityHeadersMiddleware(service(tmp_path / "static"), https=True, page_policy=PAGES)
    async with AsyncClient(transport=ASGITransport(app), base_url="https://any.test") as client:
        reply = await client.get("/page")

    assert reply.headers["Strict-Transport-Security"] == "max-age=31536000"
