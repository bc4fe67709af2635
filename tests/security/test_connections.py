"""No connection is kept longer, and no request grows larger, than one of a visitor needs. With real sockets.

Time limits are short here, and a test waits for the end of the connection, which is what the server promises.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from uvicorn.server import ServerState

from shared.runtime.connections import ConnectionLimits, limited
from shared.web.app import new_app

pytestmark = pytest.mark.anyio

HEAD = b"POST /echo HTTP/1.1\r\nHost: any.test\r\n"
SHORT = ConnectionLimits(head_s=0.3, body_s=0.3, answer_s=0.3, linger_s=0.3)
PATIENCE_S = 20


@asynccontextmanager
async def never_started(_app: FastAPI) -> AsyncIterator[None]:
    yield


def an_app() -> FastAPI:
    app = new_app("any", "any", never_started)

    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.get("/long")
    async def long() -> Response:
        return Response(b"x" * 50_000_000)

    return app


@asynccontextmanager
async def serving(limits: ConnectionLimits, keep_alive_s: int = 5) -> AsyncIterator[tuple[int, ServerState]]:
    """A server with *limits* at a port of this machine."""
    config = uvicorn.Config(
        an_app(), http=limited(limits), ws="none", lifespan="off", log_config=None, timeout_keep_alive=keep_alive_s
    )
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: config.http_protocol_class(config=config, server_state=state, app_state={}),  # type: ignore[call-arg]  # uvicorn's protocol
        "127.0.0.1",
        0,
    )
    async with server:
        yield server.sockets[0].getsockname()[1], state
        for connection in list(state.connections):
            connection.transport.abort()


async def everything(reader: asyncio.StreamReader) -> bytes:
    """What the server says until it ends the connection."""
    async with asyncio.timeout(PATIENCE_S):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def answer(port: int, *parts: bytes) -> bytes:
    """What the server says to *parts* before it ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
        return await everything(reader)
    finally:
        writer.close()


async def all_gone(state: ServerState) -> None:
    """Wait until the server has no connection."""
    async with asyncio.timeout(PATIENCE_S):
        while state.connections:  # noqa: ASYNC110  # uvicorn has no event for a connection that ends
            await asyncio.sleep(0.01)


def status(reply: bytes) -> int:
    return int(reply.split(b" ", 2)[1])


async def test_a_request_within_all_limits_is_answered() -> None:
    async with serving(ConnectionLimits()) as (port, _):
        reply = await answer(port, HEAD + b"Connection: close\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60_000)

    assert status(reply) == 200
    assert reply.endswith(b"60000")


@pytest.mark.parametrize(
    ("sent", "reply"),
    [
        pytest.param(b"", None, id="nothing at all"),
        pytest.param(b"\r\n\r\n", 408, id="blank lines"),
        pytest.param(b"POST /ec", 408, id="half of a line"),
        pytest.param(HEAD, 408, id="half of a head"),
        pytest.param(HEAD + b"Content-Length: 50\r\n\r\nhalf", 408, id="half of a body"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", 408, id="half of a chunk"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nA: b", 408, id="half of what follows the chunks"),
    ],
)
async def test_who_stops_halfway_is_not_waited_for(sent: bytes, reply: int | None) -> None:
    """1,000 half-sent requests were once all alive after 90 seconds, and would have been for ever."""
    async with serving(SHORT) as (port, _):
        said = await answer(port, sent)

    assert (status(said) if said else None) == reply


async def test_two_hundred_who_send_a_letter_at_a_time_are_all_gone() -> None:
    """Slowloris: the time counts from the first byte, and no further byte makes it longer."""
    async with serving(SHORT) as (port, state):
        pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]

        async def trickle(writer: asyncio.StreamWriter) -> None:
            for letter in HEAD * 1000:
                writer.write(bytes([letter]))
                await asyncio.sleep(0.05)

        senders = [asyncio.create_task(trickle(writer)) for _, writer in pairs]
        ends = await asyncio.gather(*(everything(reader) for reader, _ in pairs))
        for sender in senders:
            sender.cancel()
        await asyncio.gather(*senders, return_exceptions=True)
        for _, writer in pairs:
            writer.close()

        assert len(ends) == 200
        await all_gone(state)


async def test_blank_lines_between_requests_do_not_keep_a_connection() -> None:
    async with serving(SHORT) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD + b"Content-Length: 0\r\n\r\n")

        async def trickle() -> None:
            while True:
                writer.write(b"\r\n")
                await asyncio.sleep(0.05)

        sender = asyncio.create_task(trickle())
        said = await everything(reader)
        sender.cancel()
        writer.close()

    assert status(said) == 200


async def test_a_connection_without_a_next_request_is_closed() -> None:
    async with serving(ConnectionLimits(), keep_alive_s=0) as (port, _):
        assert status(await answer(port, HEAD + b"Content-Length: 0\r\n\r\n")) == 200


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(HEAD + b"X: " + b"y" * 40_000 + b"\r\n\r\n", id="one long header"),
        pytest.param(HEAD + b"X: " + b"y" * 5_000_000, id="a header without an end"),
        pytest.param(HEAD + b"y" * 5_000_000, id="a name without an end"),
        pytest.param(HEAD + b"X: y\r\n" * 101 + b"\r\n", id="101 headers"),
        pytest.param(HEAD + (b"X: " + b"y" * 700 + b"\r\n") * 60 + b"\r\n", id="many that are long together"),
        pytest.param(b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\n\r\n", id="a long path"),
        pytest.param(b"GET /?" + b"a=b&" * 10_000 + b" HTTP/1.1\r\n\r\n", id="a long query"),
        pytest.param(b"GET /" + b"a" * 5_000_000, id="a path without an end"),
        pytest.param(HEAD + b"Cookie: " + b"a=b; " * 10_000 + b"\r\n\r\n", id="a long cookie"),
    ],
)
async def test_a_head_that_no_visitor_needs_is_refused(head: bytes) -> None:
    """195 MB of headers were once taken on one connection."""
    async with serving(ConnectionLimits()) as (port, _):
        assert status(await answer(port, head)) == 431


async def test_a_head_of_30_kilobytes_and_90_headers_is_fine() -> None:
    head = HEAD + (b"X: " + b"y" * 330 + b"\r\n") * 90 + b"Connection: close\r\nContent-Length: 0\r\n\r\n"
    async with serving(ConnectionLimits()) as (port, _):
        assert status(await answer(port, head)) == 200


async def test_headers_after_the_chunks_count_too() -> None:
    trailers = b"X: " + b"y" * 40_000 + b"\r\n\r\n"
    async with serving(ConnectionLimits()) as (port, _):
        assert status(await answer(port, HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", trailers)) == 431


async def test_what_chunks_add_to_a_body_has_a_limit() -> None:
    """An extension of a chunk may be as long as one likes, and is no part of the body."""
    endless = [b"1;" + b"x" * 60_000 + b"\r\na\r\n"] * 40
    async with serving(ConnectionLimits()) as (port, _):
        assert await answer(port, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *endless) == b""


async def test_who_sends_too_much_still_hears_why() -> None:
    """A server that closes while the client sends makes the client's system throw the answer away."""
    async with serving(ConnectionLimits()) as (port, _):
        said = await answer(port, HEAD + b"Content-Length: 500000\r\n\r\n" + b"x" * 500_000)

    assert status(said) == 413
    assert b"connection: close" in said.lower()


async def test_what_follows_a_refusal_is_not_taken_for_a_request() -> None:
    async with serving(ConnectionLimits()) as (port, _):
        hidden = b"GET /long HTTP/1.1\r\nHost: any.test\r\n\r\n"
        said = await answer(port, HEAD + b"Content-Length: 99999999\r\n\r\n" + hidden)

    assert said.count(b"HTTP/1.1") == 1


async def test_a_client_that_asks_before_it_sends_need_not_send() -> None:
    """curl asks so for every body of more than a megabyte (RFC 9110, 10.1.1)."""
    async with serving(ConnectionLimits()) as (port, _):
        said = await answer(port, HEAD + b"Content-Length: 314572800\r\nExpect: 100-continue\r\n\r\n")

    assert status(said) == 413


async def test_who_does_not_take_his_answer_is_not_waited_for() -> None:
    async with serving(SHORT) as (port, state):
        client = socket.create_connection(("127.0.0.1", port))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"GET /long HTTP/1.1\r\nHost: any.test\r\n\r\n")
        async with asyncio.timeout(PATIENCE_S):
            while not state.connections:  # noqa: ASYNC110  # uvicorn has no event for a connection that begins
                await asyncio.sleep(0.01)
        await all_gone(state)
        client.close()


async def test_a_connection_too_many_is_not_served() -> None:
    """Files are left for the database and the broker."""
    async with serving(ConnectionLimits(connections=3)) as (port, state):
        pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(6)]
        said = await asyncio.gather(*(everything(reader) for reader, _ in pairs[3:]))
        for _, writer in pairs:
            writer.close()

        assert said == [b"", b"", b""]
        assert len(state.connections) <= 3


async def test_requests_that_are_sent_all_at_once_are_not_stored_without_a_limit() -> None:
    async with serving(ConnectionLimits()) as (port, _):
        said = await answer(port, b"GET /nowhere HTTP/1.1\r\nHost: any.test\r\n\r\n" * 5_000)

    assert said.count(b"HTTP/1.1 404") <= 10
