"""One request must not cost more than it is worth: every route of every site, with inputs made to be expensive.

The routes are read from the apps, so that a new one is tried by itself. 26 digits in one field once took 6.5 seconds of
the whole form, and two more digits four times as long.
"""

import gc
import re
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from time import process_time
from typing import Any, Final

import pytest
from fastapi.routing import iter_route_contexts
from httpx import ASGITransport, AsyncClient
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.security.costs import Costs, Request, Visitor
from tests.security.expensive import BODY_SIZES, FORM, HEAD_SIZES, KEYS, TEXTS, answers, bodies, heads, usual
from tests.security.fakes import SITES
from tests.services.dashboard.builders import a_whole_story
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, log_in

pytestmark = pytest.mark.anyio

LONGEST_PAGE: Final = max(FORM.pages, key=lambda page: sum(item.max_length or 0 for item in page.questions)).slug


@pytest.fixture(scope="module", autouse=True)
def _nothing_to_collect() -> Iterator[None]:
    """The collector must not look through all that pytest has loaded, in the midst of a request that is measured."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def all_routes() -> list[Any]:
    """Every route of every site, with a method that it takes."""
    found = []
    for site, (make, _, _) in SITES.items():
        for route in iter_route_contexts(make().routes):  # type: ignore[attr-defined]  # each of them is a Starlette
            path = route.path or ""
            for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
                found += [pytest.param(site, method, one, id=f"{method} {site} {one}") for one in _pages_of(path)]
    return found


def _pages_of(path: str) -> list[str]:
    """`/{product}/{slug}` is many pages, each with fields of its own; elsewhere the page is only a name."""
    slugs = [page.slug for page in FORM.pages] if path == "/{product}/{slug}" else [LONGEST_PAGE]
    path = path.replace("{product}", "cyber-security")
    return [path.replace("{slug}", slug) for slug in slugs] if "{slug}" in path else [path]


def routes_with_body() -> list[Any]:
    """Of the pages of questions the one for the longest texts: they are all read and kept by the same lines."""
    others = {f"/cyber-security/{page.slug}" for page in FORM.pages if page.slug != LONGEST_PAGE}
    return [route for route in ALL_ROUTES if route.values[1] != "GET" and route.values[2] not in others]


async def a_busy_dashboard() -> ASGIApp:
    # As if it was about to stop: answers that go on as long as a page is open end at once.
    dashboard = InMemoryDashboard(is_stopping=True)
    for fact in a_whole_story():
        await dashboard.cases.add(fact)
    return dashboard.app()


@asynccontextmanager
async def visitor(site: str) -> AsyncIterator[Visitor]:
    """Somebody who has got as far as strangers get: with a draft; at the dashboard, where he cannot get, logged in."""
    make, url, _ = SITES[site]
    app = await a_busy_dashboard() if site == "dashboard" else make()
    async with AsyncClient(
        transport=ASGITransport(app, raise_app_exceptions=False), base_url=url, headers=FROM_OWN_PAGE
    ) as client:
        if site == "dashboard":
            await log_in(client)
        if site == "form":
            await client.post("/cyber-security/start")
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    yield Visitor(
        app,
        client.base_url.netloc.decode(),
        {"cookie": cookies, **{name.lower(): value for name, value in FROM_OWN_PAGE.items()}},
    )


ALL_ROUTES: Final = all_routes()


def test_every_site_has_routes() -> None:
    assert len(ALL_ROUTES) > 40


@pytest.mark.parametrize(("site", "method", "path"), ALL_ROUTES)
async def test_no_request_costs_more_than_it_is_worth(site: str, method: str, path: str) -> None:
    async with visitor(site) as stranger:
        costs = Costs(stranger)
        await stranger.ask({"method": method, "url": usual(path)})  # what is made once is made now
        if method != "GET":
            for name, request in bodies(method, path):
                await costs.measure(name, BODY_SIZES, request)
        for name, request in heads(method, path):
            await costs.measure(name, HEAD_SIZES, request)

    assert costs.too_much == []


@pytest.mark.parametrize(("site", "method", "path"), routes_with_body())
async def test_no_request_takes_more_memory_than_it_is_worth(site: str, method: str, path: str) -> None:
    async with visitor(site) as stranger:
        costs = Costs(stranger)
        await stranger.ask({"method": method, "url": usual(path)})
        requests = [(name, request(BODY_SIZES[-1])) for name, request in bodies(method, path)]
        tracemalloc.start(1)
        try:
            for name, request in requests:
                await costs.measure_memory(name, request)
        finally:
            tracemalloc.stop()

    assert costs.too_much == []


async def quadratic(_scope: Scope, receive: Receive, send: Send) -> None:
    """A body of 60 KB costs it 60 times as much as one of 8 KB."""
    size, begun = len((await receive())["body"]), process_time()
    while process_time() - begun < size * size / 3e10:
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})


async def greedy(_scope: Scope, receive: Receive, send: Send) -> None:
    """It has 400 bytes for each byte of the body."""
    held = bytes(400 * len((await receive())["body"]))
    await send({"type": "http.response.start", "status": 200 if held else 400, "headers": []})


async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise ValueError("x")


@pytest.mark.parametrize(
    ("app", "found"),
    [
        pytest.param(quadratic, r"x: \d+\.\d ms, then|x, 60 KB: \d+ ms", id="time"),
        pytest.param(greedy, r"x: 2\d MB", id="memory"),
        pytest.param(broken, "POST /: 500", id="a bug"),
    ],
)
async def test_what_costs_too_much_is_found(app: ASGIApp, found: str) -> None:
    """Otherwise nothing above would be worth anything."""
    costs = Costs(Visitor(app, "x", {}))

    def request(size: int) -> Request:
        return {"method": "POST", "url": "/", "content": b"x" * size}

    await costs.measure("x", BODY_SIZES, request)
    tracemalloc.start(1)
    await costs.measure_memory("x", request(BODY_SIZES[-1]))
    tracemalloc.stop()

    assert re.search(found, "\n".join(costs.too_much))


@pytest.mark.parametrize("key", KEYS)
async def test_no_answer_costs_more_than_it_is_worth(key: str) -> None:
    """Each question by itself, as long as a request may be. Pages and API check answers in the same place."""

    def sent(text: Callable[[int], str]) -> Callable[[int], Request]:
        return lambda size: {
            "method": "POST",
            "url": "/api/v1/requests",
            "content": answers({key: text(size)}),
            "headers": {"Content-Type": "application/json"},
        }

    async with visitor("form") as stranger:
        costs = Costs(stranger)
        for name, text in TEXTS.items():
            await costs.measure(name, BODY_SIZES, sent(text))

    assert costs.too_much == []
