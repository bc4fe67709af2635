"""What a request costs in an app: CPU time, memory, and whether it grows faster than what was sent.

Apart from `test_costs.py` because it knows no site: it is tried there on apps that cost too much.
"""

import asyncio
import signal
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Scope

Request = dict[str, Any]
"""`method`, `url`, and if it has them `headers` and `content`."""
KB: Final = 1024
MOST_S: Final = 0.1
MOST_MEMORY: Final = 20 * KB * KB
GIVEN_UP_AFTER_S: Final = 3
LINEAR_SLACK: Final = 2
NOISE_S: Final = 0.004


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
