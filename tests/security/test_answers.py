"""An answer is written in as few pieces as it comes in: each piece costs a call to the system and a packet."""

import asyncio

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from shared.runtime.connections import LimitedProtocol

pytestmark = pytest.mark.anyio


class Written(asyncio.Transport):
    """A connection that keeps what is written to it, call by call."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.calls.append(bytes(data))

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return False


def ask(app: ASGIApp, method: str) -> Written:
    """Send a request without a body to *app*."""
    config = uvicorn.Config(app, ws="none", lifespan="off", log_config=None)
    config.load()
    protocol, written = LimitedProtocol(config=config, server_state=ServerState(), app_state={}), Written()
    protocol.connection_made(written)
    protocol.data_received(f"{method} / HTTP/1.1\r\nHost: any.test\r\n\r\n".encode())
    return written


@pytest.mark.parametrize(
    ("method", "chunks", "calls"),
    [
        pytest.param("GET", [b"whole"], 1, id="one answer is one packet"),
        pytest.param("GET", [b"first", b"second"], 2, id="no later piece waits"),
        pytest.param("HEAD", [b"left out"], 1, id="nothing comes after the head of a HEAD"),
    ],
)
async def test_a_head_is_sent_with_the_first_piece_of_the_body(method: str, chunks: list[bytes], calls: int) -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        length = str(sum(map(len, chunks))).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
        for number, chunk in enumerate(chunks, 1):
            await send({"type": "http.response.body", "body": chunk, "more_body": number < len(chunks)})
        done.set()

    done = asyncio.Event()
    written = ask(app, method)
    await done.wait()

    assert len(written.calls) == calls
    assert written.calls[0].startswith(b"HTTP/1.1 200 OK")


async def test_a_head_does_not_wait_for_a_body_that_is_still_being_made() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        started.set()
        await made.wait()
        await send({"type": "http.response.body", "body": b"body"})
        done.set()

    started, made, done = asyncio.Event(), asyncio.Event(), asyncio.Event()
    written = ask(app, "GET")
    await started.wait()
    await asyncio.sleep(0)
    before = len(written.calls)
    made.set()
    await done.wait()

    assert before == 1
    assert written.calls[1:] == [b"body"]
