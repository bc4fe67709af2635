"""Reads an answer that goes on: httpx's transport for ASGI waits for the end of each answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from httpx import AsyncClient

PATIENCE_S = 20.0


class Stream:
    """What a browser has got of it so far."""

    def __init__(self) -> None:
        self.status = 0
        self.is_over = False
        self._parts: asyncio.Queue[str] = asyncio.Queue()

    async def send(self, message: Any) -> None:  # noqa: ANN401  # ASGI's messages
        if message["type"] == "http.response.start":
            self.status = message["status"]
        elif message.get("body"):
            self._parts.put_nowait(message["body"].decode())
        elif not message.get("more_body"):
            self.is_over = True
            self._parts.put_nowait("")

    async def part(self) -> str:
        """The next one with something in it."""
        while (part := await asyncio.wait_for(self._parts.get(), PATIENCE_S)).startswith(":"):
            pass
        return part

    async def end(self) -> None:
        """Wait until the server has ended it."""
        while not self.is_over:
            await asyncio.wait_for(self._parts.get(), PATIENCE_S)


@asynccontextmanager
async def stream(app: FastAPI, browser: AsyncClient, path: str) -> AsyncIterator[Stream]:
    """The answer to *path* for who is logged in with *browser*, which goes away at the end of the block."""
    found, is_gone = Stream(), asyncio.Event()
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    address, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": browser.base_url.scheme,
        "path": address,
        "raw_path": address.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", browser.base_url.host.encode()), (b"cookie", cookies.encode())],
        "client": ("198.51.100.7", 50_000),
        "server": (browser.base_url.host, 80),
        "root_path": "",
    }

    async def receive() -> dict[str, str]:
        await is_gone.wait()
        return {"type": "http.disconnect"}

    task = asyncio.ensure_future(app(scope, receive, found.send))
    try:
        yield found
    finally:
        is_gone.set()
        await asyncio.wait_for(task, PATIENCE_S)
