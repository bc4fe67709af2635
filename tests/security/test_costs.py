"""One request must not cost more than it is worth: every route of every site, with inputs made to be expensive.

The routes are read from the apps, so that a new one is tried by itself. 26 digits in one field once took 6.5 seconds of
the whole form, and two more digits four times as long.
"""

import asyncio
import json
import re
import signal
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode

import pytest
from fastapi.routing import iter_route_contexts
from httpx import ASGITransport, AsyncClient
from starlette.types import ASGIApp, Message, Scope

from tests.security.fakes import SITES
from tests.services.dashboard.builders import REQUEST, a_whole_story
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, log_in
from tests.services.intake.builders import a_product

pytestmark = pytest.mark.anyio

Request = dict[str, Any]
"""What httpx is told to send."""
KB: Final = 1024
BODY_SIZES: Final = (1 * KB, 8 * KB, 60 * KB)
HEAD_SIZES: Final = (1 * KB, 8 * KB, 30 * KB)
"""The server takes no longer head (shared/runtime/connections.py)."""
MOST_S: Final = 0.1
MOST_MEMORY: Final = 20 * KB * KB
GIVEN_UP_AFTER_S: Final = 3
LINEAR_SLACK: Final = 4
NOISE_S: Final = 0.004

FORM: Final = a_product().form
KEYS: Final = tuple(question.key for question in FORM.questions)


def rare_characters(size: int) -> str:
    """As many different ones as possible, which no font of ours has."""
    return "".join(chr(0x20000 + number % 40_000) for number in range(size // 4))


TEXTS: Final[dict[str, Callable[[int], str]]] = {
    "digits, then a letter": lambda size: "1" * size + "x",
    "digits with a unit": lambda size: "1" * 11 + "億" + "1" * size + "x",
    "wide digits": lambda size: "１" * (size // 3) + "x",
    "units": lambda size: "1万" * (size // 4) + "x",
    "blanks": lambda size: "a" + " " * size + "a",
    "wide blanks": lambda size: "　" * (size // 3) + "a",
    "line ends": lambda size: "\r\n" * (size // 2) + "a",
    "dots": lambda size: "a." * (size // 2) + "@",
    "at signs": lambda size: "@" * size,
    "hyphens": lambda size: "0-" * (size // 2) + "x",
    "brackets": lambda size: "(" * size,
    "links": lambda size: "http://a.b " * (size // 11),
    "marks": lambda size: "か" + "\u3099" * (size // 3),
    "half-width kana": lambda size: "ｶﾞ" * (size // 6),
    "invisible characters": lambda size: "\u200b" * (size // 3),
    "encoded words": lambda size: "=?utf-8?b?" * (size // 10),
    "rare characters": rare_characters,
    "escapes": lambda size: "%" * size,
    "tags": lambda size: "<a" * (size // 2),
}


class GivenUp(BaseException):
    """It takes too long; no handler of ours must catch this."""


@contextmanager
def patience() -> Iterator[None]:
    """Raise `GivenUp` inside what takes too long. `re` looks for signals while it matches."""

    def give_up(_number: int, _frame: object) -> None:
        raise GivenUp

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, GIVEN_UP_AFTER_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Asks an app as a server does. httpx took most of the time that was measured, and most of what this file takes."""

    app: ASGIApp
    host: str
    headers: dict[str, str]
    """What each request has, unless it says otherwise; names in small letters."""

    async def ask(self, request: Request) -> int:
        """The status of the answer to *request*."""
        path, _, query = request["url"].partition("?")
        content = request.get("content", b"")
        own = {name.lower(): value for name, value in request.get("headers", {}).items()}
        length = {"content-length": str(len(content))} if request["method"] == "POST" else {}
        headers = {"host": self.host, **self.headers, **length, **own}
        scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "http",
            "method": request["method"],
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 50_000),
            "server": (self.host, 80),
        }
        arriving: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]
        status = 500

        async def receive() -> Message:
            if arriving:
                return arriving.pop()
            return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]  # it stays connected

        async def send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)

        with suppress(Exception):  # It was answered with 500 before.
            await self.app(scope, receive, send)
        return status


@dataclass
class Costs:
    """What requests have cost: `too_much` has a line for each that was not worth it."""

    visitor: Visitor
    too_much: list[str] = field(default_factory=list)

    async def measure(self, name: str, sizes: tuple[int, ...], request: Callable[[int], Request]) -> None:
        """Send *request* in each size: below the limit, and not more than linear."""
        smaller: tuple[int, float] | None = None
        for size in sizes:
            took_s = await self._seconds(request(size))
            if took_s > MOST_S:
                self.too_much.append(f"{name}, {size // KB} KB: {took_s * 1000:.0f} ms")
                return
            if smaller and took_s > LINEAR_SLACK * size / smaller[0] * max(smaller[1], NOISE_S):
                self.too_much.append(f"{name}: {smaller[1] * 1000:.1f} ms, then {took_s * 1000:.1f} ms")
            smaller = size, took_s

    async def measure_memory(self, name: str, request: Request) -> None:
        """Send *request*, which may take 20 MB at most."""
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        await self._send(request)
        took = tracemalloc.get_traced_memory()[1] - before
        if took > MOST_MEMORY:
            self.too_much.append(f"{name}: {took / KB / KB:.0f} MB")

    async def _seconds(self, request: Request) -> float:
        """CPU time of the best of three: the machine has other work too."""
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            if not await self._send(request):
                return GIVEN_UP_AFTER_S
            best = min(best, time.process_time() - started)
            if best < MOST_S / 4:
                break
        return best

    async def _send(self, request: Request) -> bool:
        try:
            with patience():
                status = await self.visitor.ask(request)
        except GivenUp:
            return False
        if status == 500:
            self.too_much.append(f"{request['method']} {request['url'][:60]}: 500")
        return True


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
    """`/{product}/{slug}` is many pages."""
    path = path.replace("{product}", "cyber-security")
    return [path.replace("{slug}", page.slug) for page in FORM.pages] if "{slug}" in path else [path]


def filled(path: str, text: str) -> str:
    """*path* with *text* for whatever it leaves open."""
    return re.sub(r"\{[^}]+\}", lambda _: quote(text, safe=""), path)


def usual(path: str) -> str:
    """*path* as an ordinary visitor opens it."""
    return filled(path.replace("{request_id}", REQUEST).replace("{index:int}", "0"), "nobody")


@asynccontextmanager
async def visitor(site: str) -> AsyncIterator[Visitor]:
    """Somebody who has got as far as strangers get: with a draft; at the dashboard, where he cannot get, logged in."""
    make, url, _ = SITES[site]
    dashboard = InMemoryDashboard()
    for fact in a_whole_story():
        await dashboard.cases.add(fact)
    app = dashboard.app() if site == "dashboard" else make()
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


def bodies(method: str, path: str) -> Iterator[tuple[str, Callable[[int], Request]]]:
    """Requests with an expensive body, by name; each takes its size."""
    as_form = {"Content-Type": "application/x-www-form-urlencoded"}
    as_json = {"Content-Type": "application/json"}

    def post(content: Callable[[int], bytes], headers: dict[str, str]) -> Callable[[int], Request]:
        return lambda size: {
            "method": method,
            "url": usual(path),
            "content": content(size)[: 64 * KB],
            "headers": headers,
        }

    def everywhere(text: Callable[[int], str]) -> Callable[[int], bytes]:
        """The same in every field, as long as it fits."""
        return lambda size: urlencode(dict.fromkeys(KEYS, text(size // len(KEYS) // 3))).encode()

    for name, text in TEXTS.items():
        yield f"form of {name}", post(everywhere(text), as_form)
    yield "form of one long name", post(lambda size: b"a" * size + b"=", as_form)
    yield "form of many fields", post(lambda size: b"a=&" * (size // 3), as_form)
    yield "form of one field many times", post(lambda size: b"&".join([b"name=1"] * (size // 7)), as_form)
    yield "form of separators", post(lambda size: b"&" * size, as_form)
    yield "form of escapes", post(lambda size: b"a=" + b"%41" * (size // 3), as_form)
    yield "form of broken escapes", post(lambda size: b"a=" + b"%" * size, as_form)
    yield "deep JSON", post(lambda size: b"[" * size, as_json)
    yield "digits as JSON", post(lambda size: b"1" * size, as_json)
    yield "keys as JSON", post(lambda size: answers({f"{n:x}": 1 for n in range(size // 9)}), as_json)
    yield "a list as an answer", post(lambda size: answers({KEYS[0]: ["x"] * (size // 5)}), as_json)
    yield (
        "multipart",
        post(
            lambda size: b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * (size // 56) + b"--x--",
            {"Content-Type": "multipart/form-data; boundary=x"},
        ),
    )
    yield "no type", post(lambda size: b"a=" + b"x" * size, {})


def answers(typed: dict[str, Any]) -> bytes:
    return json.dumps({"product": "cyber-security", "answers": typed}, ensure_ascii=False).encode()


def heads(method: str, path: str) -> Iterator[tuple[str, Callable[[int], Request]]]:
    """Requests with an expensive head, by name; each takes its size."""
    page = usual(path)

    def address(url: Callable[[int], str]) -> Callable[[int], Request]:
        return lambda size: {"method": method, "url": url(size)[:size]}

    def header(name: str, value: Callable[[int], str]) -> Callable[[int], Request]:
        return lambda size: {"method": method, "url": page, "headers": {name: value(size)}}

    def path_of(text: Callable[[int], str]) -> Callable[[int], str]:
        return lambda size: filled(path, text(size))

    def query_of(text: Callable[[int], str]) -> Callable[[int], str]:
        return lambda size: f"{page}?q={quote(text(size))}"

    for name, text in TEXTS.items():
        if "{" in path:
            yield f"path of {name}", address(path_of(text))
        yield f"query of {name}", address(query_of(text))
    yield "query of many fields", address(lambda size: f"{page}?{'a&' * size}")
    yield "query of digits", address(lambda size: f"{page}?page={'9' * (size // 2)}&postal_code={'9' * size}")
    yield "path of slashes", address(lambda size: page.rstrip("/") + "/a" * size)
    for name in ("Accept", "Accept-Encoding", "Accept-Language", "Range", "If-None-Match", "If-Modified-Since"):
        yield f"{name} of commas", header(name, lambda size: "a," * (size // 2))
    yield "ranges", header("Range", lambda size: "bytes=" + "0-1," * (size // 4))
    yield "cookies", header("Cookie", lambda size: "a=b; " * (size // 5))
    yield "one cookie", header("Cookie", lambda size: "mitsumori_draft=" + "x" * size)
    yield "a quoted cookie", header("Cookie", lambda size: 'a="' + "\\0" * (size // 2))
    yield "a type of semicolons", header("Content-Type", lambda size: "a/b" + ";" * size)
    yield "a key", header("Idempotency-Key", lambda size: "x" * size)


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


@pytest.mark.parametrize(("site", "method", "path"), [route for route in ALL_ROUTES if route.values[1] != "GET"])
async def test_no_request_takes_more_memory_than_it_is_worth(site: str, method: str, path: str) -> None:
    async with visitor(site) as stranger:
        costs = Costs(stranger)
        await stranger.ask({"method": method, "url": usual(path)})
        tracemalloc.start(1)
        try:
            for name, request in bodies(method, path):
                await costs.measure_memory(name, request(BODY_SIZES[-1]))
        finally:
            tracemalloc.stop()

    assert costs.too_much == []


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
