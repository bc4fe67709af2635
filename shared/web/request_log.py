"""One line in the log for each request."""

import time
from typing import Final

import structlog
from opentelemetry import trace
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

_QUIET_PATHS: Final = ("/static/",)
_LINE: Final = "mitsumori.line"
"""Where a request's scope keeps what `describe` was told."""


def describe(request: Request, event: str, **facts: object) -> None:
    """Let the line of *request* say *event* instead of `request served`, and *facts* beside what it always says."""
    request.scope[_LINE] = {"event": event, **facts}


class RequestLog:
    """ASGI middleware: one line and one trace span a request; never a query string, a header or a body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._tracer = trace.get_tracer("mitsumori")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and log its route, its status and how long it took."""
        if scope["type"] != "http" or scope["path"].startswith(_QUIET_PATHS):
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watch_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        span = self._tracer.start_span(f"HTTP {scope['method']}", kind=trace.SpanKind.SERVER)
        with trace.use_span(span, end_on_exit=True):
            try:
                await self._app(scope, receive, watch_status)
            finally:
                took_ms = round((time.perf_counter() - started) * 1000, 1)
                said = {"event": "request served", "method": scope["method"], "path": _route(scope)}
                log.info(**said | scope.get(_LINE, {}), status=status, took_ms=took_ms)


def _route(scope: Scope) -> str:
    """The route's pattern, not the path: a stranger can put anything into a path."""
    route = scope.get("route")
    return getattr(route, "path", "unrouted")
