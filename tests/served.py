"""An app of ours on a port, from a thread of its own: in the loop of a browser nothing else can run."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp


class _Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        # Uvicorn leaves those that it gave up waiting for, and the garbage of a later test would complain of them.
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)


@contextmanager
def served(app: ASGIApp, listener: socket.socket) -> Iterator[asyncio.AbstractEventLoop]:
    """*app* answers what comes to *listener*, in the loop that this yields. Streams must end by themselves."""
    server = _Server(uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=1))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve([listener])))
    thread.start()
    try:
        yield loop
    finally:
        server.should_exit = True
        thread.join()
        loop.close()
