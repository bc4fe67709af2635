"""A request must not cost more than it is worth, whatever its head holds."""

from pathlib import Path
from time import process_time

import pytest
from fastapi import FastAPI, Request
from httpx import ASGITransport, AsyncClient

from shared.web.app import new_app
from shared.web.static_files import VersionedFiles
from tests.shared.web.test_app import never_started

pytestmark = pytest.mark.anyio

_MOST_S = 0.05
"""Of processor time for a request. It takes some 2 ms, most of them in the client."""


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    (tmp_path / "page.css").write_text("p { color: #000; }")
    (tmp_path / "folder").mkdir()
    app = new_app("any", "any", never_started)
    app.mount("/static", VersionedFiles(tmp_path))

    @app.get("/cookies")
    async def cookies(request: Request) -> dict[str, str]:
        return request.cookies

    return app


async def cost_of(app: FastAPI, path: str, cookie: str = "") -> tuple[float, int]:
    """Seconds of processor time, the best of three, and the status."""
    costs = []
    async with AsyncClient(transport=ASGITransport(app), base_url="http://any.test") as client:
        for _ in range(3):
            begun = process_time()
            reply = await client.get(path, headers={"Cookie": cookie} if cookie else {})
            costs.append(process_time() - begun)
    return min(costs), reply.status_code


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("\\" * 30_000, id="backslashes"),
        pytest.param('\\"' * 15_000, id="quotes with a backslash"),
        pytest.param("\\1" * 15_000, id="numbers that end too early"),
    ],
)
async def test_a_cookie_of_backslashes_is_cheap(app: FastAPI, value: str) -> None:
    """30 KB of them in quotes took 1.6 seconds of the event loop, with no log-in: Python before 3.11.10 looks
    through the rest of the value for each (CVE-2024-7592). No cookie of ours has one, so it is not read at all.
    """
    cost, status = await cost_of(app, "/cookies", f'session="{value}"')

    assert (cost < _MOST_S, status) == (True, 200)


async def test_other_cookies_are_read_beside_one_with_a_backslash(app: FastAPI) -> None:
    """A site of the same domain may set what it likes; our own cookies must be found beside it."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://any.test") as client:
        reply = await client.get("/cookies", headers={"Cookie": 'a=1; theirs="x\\"y"; b="2"'})

    assert reply.json() == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("a/" * 15_000, id="folders"),
        pytest.param("a/%2e%2e/" * 3_000, id="there and back"),
        pytest.param("%00" * 10_000, id="no character"),
        pytest.param("folder", id="a folder that is there"),
    ],
)
async def test_an_address_that_is_no_file_of_ours_is_cheap(app: FastAPI, path: str) -> None:
    """The disk was asked for each of 15,000 folders in a row: 60 ms for a GET whose answer is 404. The files are known
    from the start.
    """
    cost, status = await cost_of(app, f"/static/{path}")

    assert (cost < _MOST_S, status) == (True, 404)


async def test_a_file_of_ours_is_found(app: FastAPI) -> None:
    assert (await cost_of(app, "/static/page.css"))[1] == 200
