"""Refuses bodies of more than 16 KiB: no form of ours is that long."""

from typing import Final

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from services.dashboard.entrypoints.web.rendering import render_problem
from shared.web.cross_origin import SAFE_METHODS
from shared.web.problems import HttpProblem

log = structlog.get_logger(__name__)

_LONGEST_BYTES: Final = 16_384


class FormLimitMiddleware:
    """ASGI middleware: 413 for a POST without `Content-Length`, or with one of more than 16 KiB."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with the refusal. The server reads no more than `Content-Length`."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or _is_short(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        log.warning("request refused", method=scope["method"], status=413)
        response = render_problem(Request(scope), HttpProblem(413, "too-large"))
        await response(scope, receive, send)


def _is_short(headers: Headers) -> bool:
    length = headers.get("content-length", "")
    return length.isdigit() and int(length) <= _LONGEST_BYTES
