"""Limits for one connection: how long and how large the parts of a request may be. uvicorn itself has none.

Without them a stranger holds a connection, and the memory behind it, with half a request for as long as he likes
("slowloris"). The proxy in front of a public service has such limits too, but a service must not depend on it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """Times in seconds, sizes in bytes.

    * *head*: the request line with all headers. *message*: everything that one request sends, which is its body (64 KiB
      at most) with what chunks add to it; more is sent only by somebody who does not want to be read.
    * *answer_s*: for the client to take what was written. *linger_s*: how long we read on, and forget, after a refusal:
      closing at once would make the client's system throw our answer away.
    """

    head_bytes: int = 32 * 1024
    headers: int = 100
    message_bytes: int = 1024 * 1024
    pipelined: int = 8
    connections: int = 900
    head_s: float = 10.0
    body_s: float = 30.0
    answer_s: float = 30.0
    linger_s: float = 2.0


class _Refused(Exception):
    """Ends the parsing of a request: httptools gives its caller no other way."""


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's quick HTTP protocol with `limits`."""

    limits: ClassVar[ConnectionLimits] = ConnectionLimits()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Begin to wait for the head of the first request."""
        super().connection_made(transport)
        self._is_reading_head = True
        self._is_lingering = False
        self._received = 0
        self._head_bytes = 0
        self._refusal = HTTPStatus.BAD_REQUEST
        self._timer: asyncio.TimerHandle | None = None
        self._answer_timer: asyncio.TimerHandle | None = None
        if len(self.connections) > self.limits.connections:
            # Files for the database and the broker must be left. Refusing politely would keep the connection open.
            transport.abort()
            return
        self._set_timer(self.limits.head_s, self._on_head_too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop every clock."""
        self._stop_timer()
        self._stop_answer_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what has come, unless it exceeds a limit."""
        self._received += len(data)
        if self._is_lingering:
            if self._received > self.limits.message_bytes:
                self.transport.abort()
            return
        if self._is_reading_head and self._timer is None:
            self._set_timer(self.limits.head_s, self._on_head_too_slow)
        super().data_received(data)
        # The parser keeps a line until it ends, so lines that do not end are counted here.
        if self._is_reading_head and self._received > self.limits.head_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._received > self.limits.message_bytes:
            self.transport.abort()

    def on_message_begin(self) -> None:
        """Count anew for each request."""
        super().on_message_begin()
        self._head_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Keep the address."""
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the header. Those after a chunked body count too."""
        self._count_head(len(name) + len(value))
        super().on_header(name, value)
        if len(self.headers) > self.limits.headers:
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise _Refused

    def on_headers_complete(self) -> None:
        """Begin to work on the request, and to wait for its body."""
        if len(self.pipeline) >= self.limits.pipelined:
            raise _Refused
        self._is_reading_head = False
        self._set_timer(self.limits.body_s, self._on_body_too_slow)
        super().on_headers_complete()
        if self.cycle is not None:
            self.cycle.transport = _LingeringTransport(self, self.cycle)  # type: ignore[assignment]  # has what it calls

    def on_message_complete(self) -> None:
        """The request is complete, and the next one may begin."""
        self._stop_timer()
        self._is_reading_head = True
        self._received = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, and for the client to take this answer."""
        if self._is_lingering:
            self.server_state.total_requests += 1
            return
        super().on_response_complete()
        if self.transport.get_write_buffer_size() == 0:
            self._stop_answer_timer()
        else:
            self._start_answer_timer()

    def pause_writing(self) -> None:
        """The client takes the answer more slowly than we make it."""
        super().pause_writing()
        self._start_answer_timer()

    def resume_writing(self) -> None:
        """It has taken most of it."""
        super().resume_writing()
        self._stop_answer_timer()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing came for a while: close, also when the client never took the last answer."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        super().timeout_keep_alive_handler()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's signature
        """Refuse what the parser could not read, or what one of our counts has stopped."""
        self._refuse(self._refusal)

    def linger(self) -> None:
        """Close for writing, and read on for a moment without keeping anything."""
        self._is_lingering = True
        self._received = 0
        self._stop_timer()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._set_timer(self.limits.linger_s, self.transport.abort)

    def _count_head(self, count: int) -> None:
        self._head_bytes += count
        if self._head_bytes > self.limits.head_bytes:
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise _Refused

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer with nothing but *status* where nothing was answered yet, and close."""
        # Before the first request there is none, whatever uvicorn's annotation says.
        if not getattr(self.cycle, "response_complete", True):
            if self.cycle.response_started or self.pipeline:
                self.transport.abort()
                return
            # The app learns that nobody waits for its answer.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        text = status.phrase
        head = f"content-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: {len(text)}\r\n\r\n"
        self.transport.write(STATUS_LINE[status] + (head + text).encode("ascii"))
        self.linger()

    def _on_head_too_slow(self) -> None:
        if self._received:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self.transport.abort()

    def _on_body_too_slow(self) -> None:
        self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _set_timer(self, after_s: float, action: Callable[[], None]) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(after_s, action)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start_answer_timer(self) -> None:
        if self._answer_timer is None:
            self._answer_timer = self.loop.call_later(self.limits.answer_s, self.transport.abort)

    def _stop_answer_timer(self) -> None:
        if self._answer_timer is not None:
            self._answer_timer.cancel()
            self._answer_timer = None


class _LingeringTransport:
    """What a request's answer is written to. It closes so that the client gets the answer even while it still sends.

    The head is sent with the first piece of the body: each call to the system and each packet costs CPU.
    """

    __slots__ = ("_cycle", "_head", "_protocol", "is_closing")

    def __init__(self, protocol: LimitedProtocol, cycle: RequestResponseCycle) -> None:
        self._protocol = protocol
        self._cycle = cycle
        self._head: bytes | None = None
        self.is_closing: Final = protocol.transport.is_closing

    def write(self, data: bytes) -> None:
        """Send *data*; a head at the end of this turn of the event loop, when the body does not come before."""
        # `100 Continue` comes before the answer has started, and after the head of a HEAD nothing comes.
        if self._head is None and self._cycle.response_started and self._cycle.scope["method"] != "HEAD":
            self._head = data
            self._protocol.loop.call_soon(self._flush)
        else:
            self._flush(data)

    def close(self) -> None:
        """Close, now or after what the client still sends."""
        self._flush()
        if self._cycle.more_body:
            self._protocol.linger()
        else:
            self._protocol.transport.close()

    def _flush(self, data: bytes = b"") -> None:
        data, self._head = (self._head or b"") + data, b""
        if data:
            self._protocol.transport.write(data)


def limited(limits: ConnectionLimits) -> type[LimitedProtocol]:
    """The protocol with *limits*, as uvicorn takes it: a class."""
    return type("LimitedProtocol", (LimitedProtocol,), {"limits": limits})
