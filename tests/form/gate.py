"""A gate in front of the ledger. While it is shut, the form finds no ledger, as when MongoDB is away."""

import socket
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Final

from local.children import LOOPBACK

_CHUNK: Final = 65_536


class Gate:
    """Passes connections on to *port* of this machine, for as long as it stands open."""

    def __init__(self, port: int) -> None:
        self.is_open = True
        self._behind = port
        self._through: set[socket.socket] = set()
        gate = self

        class Passage(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                gate.let_through(self.request)

        self._server = socketserver.ThreadingTCPServer((LOOPBACK, 0), Passage)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]

    def let_through(self, outside: socket.socket) -> None:
        """Carry bytes both ways until either side ends it, or the gate is shut."""
        if not self.is_open:
            return
        with socket.create_connection((LOOPBACK, self._behind)) as inside:
            self._through |= {outside, inside}
            back = Thread(target=_carry, args=(inside, outside), daemon=True)
            back.start()
            _carry(outside, inside)
            back.join()
            self._through -= {outside, inside}

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Nobody comes through inside the block, not even those who are half through."""
        self.is_open = False
        for side in tuple(self._through):
            _end(side)
        try:
            yield
        finally:
            self.is_open = True

    @contextmanager
    def standing(self) -> Iterator[None]:
        """It stands inside the block, and is gone after it."""
        with self._server:
            Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            yield
            self._server.shutdown()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(_CHUNK):
            target.sendall(chunk)
    _end(source)
    _end(target)


def _end(side: socket.socket) -> None:
    with suppress(OSError):
        side.shutdown(socket.SHUT_RDWR)
