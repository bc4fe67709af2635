"""A light load generator: HTTP/1.1 over keep-alive sockets, so that the client uses little CPU beside the server."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4


@dataclass
class Load:
    """The results of a run of requests. Times in seconds, from the first byte sent to the last byte read."""

    took_s: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        """Answers of 2xx per second."""
        good = sum(count for status, count in self.statuses.items() if 200 <= status < 300)  # noqa: PLR2004  # HTTP's own
        return good / self.took_s


async def closed_loop(port: int, path: str, body: Callable[[], object], *, clients: int, seconds: float) -> Load:
    """The results of *clients* connections, each of which posts its next JSON body when the last one is answered."""
    load = Load()
    started = time.perf_counter()
    deadline = started + seconds
    await asyncio.gather(*(_client(port, path, body, deadline, load) for _ in range(clients)))
    load.took_s = time.perf_counter() - started
    return load


async def open_loop(port: int, path: Callable[[], str], *, rate: float, seconds: float) -> Load:
    """The results of GETs at *rate* a second, each of another visitor, whether the last one is answered or not."""
    load = Load()
    started = time.perf_counter()
    asked = []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
        asked.append(asyncio.ensure_future(_get_once(port, path(), f"127.1.{number // 250}.{number % 250 + 1}", load)))
    await asyncio.gather(*asked)
    load.took_s = time.perf_counter() - started
    return load


async def _get_once(port: int, path: str, visitor: str, load: Load) -> None:
    begun = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(visitor, 0))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    status = await _answer(reader)
    load.times.append(time.perf_counter() - begun)
    load.statuses[status] = load.statuses.get(status, 0) + 1
    writer.close()
    await writer.wait_closed()


async def post_once(port: int, path: str, body: object) -> int:
    """Post once, on a new connection, and return the status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_request(path, body))
    status = await _answer(reader)
    writer.close()
    await writer.wait_closed()
    return status


async def _client(port: int, path: str, body: Callable[[], object], deadline: float, load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (begun := time.perf_counter()) < deadline:
        writer.write(_request(path, body()))
        status = await _answer(reader)
        load.times.append(time.perf_counter() - begun)
        load.statuses[status] = load.statuses.get(status, 0) + 1
    writer.close()
    await writer.wait_closed()


def _request(path: str, body: object) -> bytes:
    content = json.dumps(body, ensure_ascii=False).encode()
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Idempotency-Key: {uuid4()}",
        f"Content-Length: {len(content)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + content


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])
