"""Reads every body before anything else looks at it, and refuses one that is longer than any form of ours.

A limit that each route keeps for itself is missing where somebody forgets it: a POST without a Content-Type was once
read whole, whatever its length. Here no route can be reached but with a short body. (Starlette has a middleware of this
kind, which counts while the route reads: it does not see a body that no route reads, and leaves the connection open.)
"""

from collections.abc import Iterable
from typing import Final

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.cross_origin import SAFE_METHODS
from shared.web.problems import HttpProblem, Renderer, respond

log = structlog.get_logger(__name__)

MAX_BODY_BYTES: Final = 64 * 1024
_MOST_DIGITS: Final = len(str(MAX_BODY_BYTES))


class BodyLimitMiddleware:
    """ASGI middleware: the app gets each body in one piece. Refusals are written by *render*.

    * 413 `too-large`: more than 64 KiB. When `Content-Length` says so, nothing of the body is read; without it, no more
      than the chunk that exceeds the limit. The connection is closed, because the rest of the body is on its way.
    * 400 `bad-request`: a `Content-Length` that is no number, several that differ, or one beside a `Transfer-Encoding`
      (RFC 9112, 6.3: two servers could disagree about where the request ends).
    """

    def __init__(self, app: ASGIApp, *, render: Renderer) -> None:
        self._app = app
        self._render = render

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body, or answer it with the refusal."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        lengths, is_encoded = _announced(scope["headers"])
        if not lengths and not is_encoded and scope["method"] in SAFE_METHODS:
            await self._app(scope, receive, send)
            return
        problem = _problem_of(lengths, is_encoded=is_encoded)
        if problem is None:
            body = await _read(receive)
            if isinstance(body, bytes):
                await self._app(scope, _replay(body, receive), send)
                return
            if body is None:
                log.info("client went away", method=scope["method"])
                return
            problem = body
        log.warning("request refused", method=scope["method"], status=problem.status)
        await respond(Request(scope), problem, self._render)(scope, receive, send)


def _announced(headers: Iterable[tuple[bytes, bytes]]) -> tuple[set[bytes], bool]:
    """Every value of `Content-Length`, and whether there is a `Transfer-Encoding`."""
    lengths: set[bytes] = set()
    is_encoded = False
    for name, value in headers:
        if name == b"content-length":
            lengths.update(part.strip() for part in value.split(b","))
        elif name == b"transfer-encoding":
            is_encoded = True
    return lengths, is_encoded


def _problem_of(lengths: set[bytes], *, is_encoded: bool) -> HttpProblem | None:
    if not lengths:
        return None
    # The method of `bytes` knows ASCII digits only, which is what RFC 9110 allows.
    if len(lengths) > 1 or is_encoded or not all(length.isdigit() for length in lengths):
        return HttpProblem(400, "bad-request", headers={"Connection": "close"})
    digits = lengths.pop().lstrip(b"0")
    # `int` takes long for many digits, and refuses more than 4,300.
    is_short = len(digits) <= _MOST_DIGITS and int(digits or b"0") <= MAX_BODY_BYTES
    return None if is_short else _too_large()


def _too_large() -> HttpProblem:
    return HttpProblem(413, "too-large", headers={"Connection": "close"})


async def _read(receive: Receive) -> bytes | HttpProblem | None:
    """The whole body; the refusal of one that is too long; None when the client has gone away."""
    # A `bytes` that grows would be copied for every chunk.
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return _too_large()
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body first, and then what the server says: that the client has gone away."""
    is_read = False

    async def replay() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
